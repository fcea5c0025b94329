import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { instrumentation as ofTheGuide } from './instrumentation.js';

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');

describe('spans of the undici instrumentation of OpenTelemetry', () => {
  let exporter: InMemorySpanExporter;

  beforeEach(() => {
    exporter = new InMemorySpanExporter();
    ofTheGuide.disable();
  });

  /** What is exported of one trigger. */
  async function exported(instrumentation: UndiciInstrumentation): Promise<object[]> {
    const spanProcessors = [new SimpleSpanProcessor(exporter)];
    instrumentation.setTracerProvider(new BasicTracerProvider({ spanProcessors }));
    instrumentation.enable();
    await using server = await PusherTestServer.start();
    const pusher = await startPusher(server.options);
    await pusher.trigger('news', 'published', { id: 7 });
    instrumentation.disable();
    return exporter.getFinishedSpans().map(({ attributes }) => attributes);
  }

  it('have no signature with the hook of the guide, and keep everything else', async () => {
    const spans = await exported(ofTheGuide);
    expect(spans).toEqual([
      expect.objectContaining({
        'http.request.method': 'POST',
        'url.path': '/apps/1/events',
        'http.response.status_code': 200,
      }),
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/auth_|signature/);
  });

  it('are those of the code in the guide', () => {
    expect(read('../../../docs/security.md')).toContain(read('instrumentation.ts'));
  });

  it('have the signature without it, which is why the guide has the hook', async () => {
    expect(JSON.stringify(await exported(new UndiciInstrumentation()))).toContain(
      'auth_signature=',
    );
  });
});
