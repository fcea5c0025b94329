import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { AppModule as QuickStart } from '../../sample/01-quick-start/src/app.module.js';
import { AppModule as ChannelRules } from '../../sample/02-channel-rules/src/app.module.js';
import { AppModule as Webhooks } from '../../sample/03-webhooks/src/app.module.js';
import { AppModule as Emit } from '../../sample/05-emit/src/app.module.js';
import { AppModule as TypedEvents } from '../../sample/06-typed-events/src/app.module.js';
import { AppModule as HeavyTraffic } from '../../sample/07-heavy-traffic/src/app.module.js';
import { ChannelsServer } from '../../sample/shared/channels-server.js';
import { launchChromium } from '../support/processes/chromium.js';

const IMAGES = join(import.meta.dirname, '../../docs/images');
/** `npm run docs:images` writes the pictures of the documentation; other runs leave them as they are. */
const WRITES_IMAGES = process.env['SCREENSHOTS'] === '1';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 720, height: 600 };
const LOOKS = [
  { colorScheme: 'light', viewport: PHONE },
  { colorScheme: 'dark', viewport: PHONE },
  { colorScheme: 'light', viewport: DESKTOP },
  { colorScheme: 'dark', viewport: DESKTOP },
] as const;

/** A page, or a frame that shows one. */
type Tab = Page | Frame;

/** How a tab looks in a picture of two. */
const FRAME =
  'width: 48.5%; height: 94vh; border: 1px solid #bbb; border-radius: 8px; margin: 0 0.5%';

/** What a visitor does on a page before it is judged. The first tab is the one that is judged. */
interface Scene {
  readonly sample: string;
  readonly appModule: Type<unknown>;
  readonly play: (tabs: readonly [Tab, Tab]) => Promise<void>;
}

const CHAT: Scene = {
  sample: '01-quick-start',
  appModule: QuickStart,
  async play([one, two]) {
    await Promise.all([one, two].map((tab) => tab.waitForSelector('#state.connected')));
    await say(one, 'Ada', 'Hello from this tab');
    await two.waitForSelector('li >> text=Hello from this tab');
    await say(two, 'Grace', 'And hello from the other');
    await one.waitForSelector('li >> text=And hello from the other');
  },
};

const SCENES: Scene[] = [
  CHAT,
  {
    sample: '02-channel-rules',
    appModule: ChannelRules,
    async play([ada, grace]) {
      for (const [tab, name] of [[ada, 'Ada'] as const, [grace, 'Grace'] as const]) {
        await tab.click(`#names >> text=${name}`);
        await tab.waitForSelector('#state.connected');
        await tab.click('#rooms >> text=vault');
        await tab.waitForSelector(`#members >> text=${name}`);
      }
      await ada.waitForSelector('#members >> text=Grace');
      await grace.click('#people li:has-text("Ada") button');
      await ada.waitForSelector('#notice >> text=Grace rang your bell.');
      await grace.fill('[name=text]', 'Nobody outside can read this.');
      await grace.click('text=Say');
      await ada.waitForSelector('#messages li');
    },
  },
  {
    sample: '03-webhooks',
    appModule: Webhooks,
    async play([one, two]) {
      for (const [tab, name] of [[one, 'Ada'] as const, [two, 'Grace'] as const]) {
        await tab.waitForSelector('#state.connected');
        await tab.click('#rooms >> text=kitchen');
        await tab.waitForSelector(`#me >> text=You are ${name}.`);
      }
      await one.waitForSelector('#occupied >> text=2 visits, here now: Ada, Grace');
    },
  },
  {
    sample: '05-emit',
    appModule: Emit,
    async play([one, two]) {
      for (const tab of [one, two]) {
        await tab.waitForSelector('#state.connected');
        await tab.waitForSelector('#products button');
      }
      await two.click('#products li:has-text("Espresso") button');
      await one.waitForSelector('#notice >> text=Another tab has ordered 1 × Espresso.');
      await one.click('#products li:has-text("Cheesecake") button:text-is("Order 5")');
      await one.waitForSelector('#refusal >> text=There is not enough Cheesecake left.');
    },
  },
  {
    sample: '06-typed-events',
    appModule: TypedEvents,
    async play([one, two]) {
      await Promise.all([one, two].map((tab) => tab.waitForSelector('#state.connected')));
      for (const [tab, dish] of [
        [one, 'Soup of the day, with bread'] as const,
        [two, 'Tea'] as const,
      ]) {
        await tab.fill('[name=dish]', dish);
        await tab.click('form button');
        await one.waitForSelector(`#orders >> text=${dish}`);
      }
      await one.click('#orders >> text=Ready');
      await one.waitForSelector('#orders .ready');
      await two.click('text=Order through an outdated server');
      await one.waitForSelector('#problem >> text=An order.placed event was not shown.');
    },
  },
  {
    sample: '07-heavy-traffic',
    appModule: HeavyTraffic,
    async play([tab]) {
      await tab.waitForSelector('#state.connected');
      await tab.click('#run');
      await tab.waitForSelector('#chart rect.single + rect.single');
      await tab.click('#modes >> text=Batching');
      await tab.waitForSelector('#chart rect.batching + rect.batching + rect.batching');
      await tab.click('#run');
      await tab.waitForSelector('#run >> text=Start');
    },
  },
];

async function say(tab: Tab, author: string, text: string): Promise<void> {
  await tab.fill('[name=author]', author);
  await tab.fill('[name=text]', text);
  await tab.click('button');
}

describe('the page of a sample', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function start(appModule: Type<unknown>): Promise<INestApplication> {
    const app = await NestFactory.create(appModule, {
      logger: false,
      rawBody: true,
      forceCloseConnections: true,
    });
    await app.listen(0, '127.0.0.1');
    app.get(ChannelsServer).sendWebhooksTo(`${await app.getUrl()}/pusher/webhooks`);
    return app;
  }

  /** A new tab, and the errors that its console shows. */
  async function openTab(context: BrowserContext, address: string) {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
    await page.goto(address);
    return { page, faults };
  }

  describe.each(SCENES)('$sample', ({ sample, appModule, play }) => {
    it.each(LOOKS)(
      'can be read by everybody: $colorScheme, $viewport.width pixels',
      async ({ colorScheme, viewport }) => {
        const app = await start(appModule);
        const context = await browser.newContext({ colorScheme, viewport });
        const one = await openTab(context, await app.getUrl());
        const two = await openTab(context, await app.getUrl());
        await play([one.page, two.page]);

        await one.page.addScriptTag({ content: AXE });
        const { violations } = await one.page.evaluate<AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        const width = await one.page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBe(viewport.width);
        expect([...one.faults, ...two.faults]).toEqual([]);

        if (
          WRITES_IMAGES &&
          viewport === DESKTOP &&
          colorScheme === 'light' &&
          sample !== CHAT.sample
        )
          await one.page.screenshot({ path: join(IMAGES, `${sample}.png`), fullPage: true });
        await context.close();
        await app.close();
      },
      60_000,
    );
  });

  it('shows a message in two tabs side by side', async () => {
    const app = await start(CHAT.appModule);
    const address = await app.getUrl();
    const page = await browser.newPage({
      viewport: { width: 900, height: 390 },
      deviceScaleFactor: 2,
    });
    await page.setContent(
      ['left', 'right']
        .map((name) => `<iframe name="${name}" src="${address}" style="${FRAME}">`)
        .join('</iframe>'),
    );
    const [left, right] = [page.frame('left'), page.frame('right')];
    if (!left || !right) throw new Error('The page has no frames.');
    await CHAT.play([left, right]);
    for (const tab of [left, right]) expect(await tab.locator('li').count()).toBe(2);
    if (WRITES_IMAGES) await page.screenshot({ path: join(IMAGES, 'two-tabs.png') });
    await page.close();
    await app.close();
  }, 60_000);
});
