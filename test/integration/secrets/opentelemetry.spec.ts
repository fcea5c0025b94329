import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  UndiciInstrumentation,
  type UndiciInstrumentationConfig,
} from '@opentelemetry/instrumentation-undici';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';

/** As docs/security.md has it. */
const WITHOUT_SIGNATURES: UndiciInstrumentationConfig = {
  startSpanHook: ({ origin, path }) => {
    if (!path.includes('auth_signature=')) return {};
    const [withoutQuery = ''] = path.split('?');
    return { 'url.full': `${origin}${withoutQuery}`, 'url.query': '' };
  },
};

describe('spans of the undici instrumentation of OpenTelemetry', () => {
  let exporter: InMemorySpanExporter;
  let instrumentation: UndiciInstrumentation;

  beforeEach(() => {
    exporter = new InMemorySpanExporter();
  });
  afterEach(() => instrumentation.disable());

  /** What is exported of one trigger. */
  async function exported(config: UndiciInstrumentationConfig): Promise<object[]> {
    instrumentation = new UndiciInstrumentation(config);
    const spanProcessors = [new SimpleSpanProcessor(exporter)];
    instrumentation.setTracerProvider(new BasicTracerProvider({ spanProcessors }));
    await using server = await PusherTestServer.start();
    const pusher = await startPusher(server.options);
    await pusher.trigger('news', 'published', { id: 7 });
    return exporter.getFinishedSpans().map(({ attributes }) => attributes);
  }

  it('have no signature with the hook of the guide, and keep everything else', async () => {
    const spans = await exported(WITHOUT_SIGNATURES);
    expect(spans).toEqual([
      expect.objectContaining({
        'http.request.method': 'POST',
        'url.path': '/apps/1/events',
        'http.response.status_code': 200,
      }),
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/auth_|signature/);
  });

  it('have the signature without it, which is why the guide has the hook', async () => {
    expect(JSON.stringify(await exported({}))).toContain('auth_signature=');
  });
});
