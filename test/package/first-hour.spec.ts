import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/processes/chromium.js';
import { Program } from './checkout.js';
import { consumer, ROOT, run } from './packed.js';
import { packagesToInstall, ReadmeSection } from './readme-steps.js';

const MINUTES = 60_000;
const PUSHER_JS = join(ROOT, 'node_modules/pusher-js/dist/web/pusher.min.js');

describe('the README', () => {
  let browser: Browser;
  const programs: Program[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  }, MINUTES);
  afterEach(() => Promise.all(programs.splice(0).map((program) => program.end('SIGKILL'))));
  afterAll(() => browser.close());

  function start(folder: string, command: string, env: Record<string, string> = {}): Program {
    const program = new Program(folder, 'sh', ['-c', command], env);
    programs.push(program);
    return program;
  }

  /** Runs a command of the README that starts `pusher-local`, and returns its `PUSHER_URL`. */
  function startServer(folder: string, command: string): Promise<string> {
    return start(folder, `${command} --port 0`).printed(/PUSHER_URL=(\S+)/);
  }

  /** Runs a command of the README that starts the application, on another port and app. */
  async function startApp(folder: string, command: string, url: string, port: string) {
    const here = command.replace(/^PUSHER_URL=\S+/, `PUSHER_URL=${url}`);
    const program = start(folder, here, { PORT: port });
    await program.printed(/(successfully started)/);
    await listening(port);
    return program;
  }

  async function openTab(address: string): Promise<Page> {
    const page = await browser.newPage();
    await page.route('https://js.pusher.com/**', (route) => route.fulfill({ path: PUSHER_JS }));
    await page.goto(address);
    return page;
  }

  it.each(['nest11-new', 'nest12-new'])(
    'leads from a new application to two tabs, a private channel, a webhook and a test: %s',
    async (name) => {
      const folder = await consumer(name, ...packagesToInstall());
      const port = await freePort();
      const address = `http://localhost:${port}`;

      const first = new ReadmeSection('Your first event in five minutes');
      first.pasteInto(folder);
      let url = await startServer(folder, first.command('pusher-local'));
      const startCommand = first.command('npm start');
      let app = await startApp(folder, startCommand, url, port);
      const [one, two] = await Promise.all([openTab(address), openTab(address)]);
      await Promise.all([one, two].map((tab) => subscribed(tab, 'chat')));
      await one.fill('[name=text]', 'Grüße & <b>markup</b>');
      await one.click('button');
      for (const tab of [one, two]) await tab.waitForSelector('li >> text=Grüße & <b>markup</b>');

      const channels = new ReadmeSection('Private channels');
      channels.pasteInto(folder);
      importInAppModule(folder, 'OrdersModule', 'orders.module');
      await app.end('SIGINT');
      app = await startApp(folder, startCommand, url, port);
      await one.reload();
      await subscribed(one, 'private-orders.7');
      const [, path = ''] = /localhost:3000(\S+)/.exec(channels.command('curl')) ?? [];
      await fetch(address + path, { method: 'POST' });
      await one.waitForFunction('document.title === "Order 7 is paid"');

      const webhooks = new ReadmeSection('Webhooks');
      webhooks.pasteInto(folder);
      importInAppModule(folder, 'VisitsModule', 'visits.module');
      const create = webhooks.inlineCode('NestFactory.create(');
      edit(folder, 'src/main.ts', (code) => code.replace('NestFactory.create(AppModule)', create));
      const command = webhooks.command('pusher-local');
      url = await startServer(folder, command.replace('http://localhost:3000', address));
      await app.end('SIGINT');
      app = await startApp(folder, startCommand, url, port);
      await one.reload();
      await app.printed(/^(Somebody is looking at order 7\.)$/m);

      new ReadmeSection('Tests').pasteInto(folder);
      await run(folder, 'npm', 'test');
      await Promise.all([one, two].map((tab) => tab.close()));
    },
    4 * MINUTES,
  );
});

/** Resolves as soon as a page is subscribed to a channel. */
async function subscribed(page: Page, channel: string): Promise<void> {
  await page.waitForFunction((name) => {
    const { Pusher } = globalThis as unknown as {
      Pusher: { instances: { channel(name: string): { subscribed: boolean } | undefined }[] };
    };
    return Pusher.instances.some((pusher) => pusher.channel(name)?.subscribed);
  }, channel);
}

/** Adds a module to the `imports` of `AppModule`, with an import as the project writes them. */
function importInAppModule(folder: string, module: string, file: string): void {
  const extension = /'\.\/app\.module(\.js)?'/.exec(textOf(folder, 'src/main.ts'))?.[1] ?? '';
  edit(folder, 'src/app.module.ts', (code) =>
    `import { ${module} } from './${file}${extension}';\n${code}`.replace(
      'imports: [',
      `imports: [${module}, `,
    ),
  );
}

function edit(folder: string, file: string, change: (code: string) => string): void {
  const before = textOf(folder, file);
  const after = change(before);
  if (after === before) throw new Error(`${file} has nothing to change:\n${before}`);
  writeFileSync(join(folder, file), after);
}

function textOf(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** Nest prints that it has started a moment before it listens, and nothing when it does. */
async function listening(port: string): Promise<void> {
  const isOpen = await fetch(`http://localhost:${port}/`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isOpen) await listening(port);
}

/** The page knows its own address, so the application cannot choose a port when it starts. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return String(port);
}
