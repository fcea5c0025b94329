import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { AppModule } from '../../sample/02-channel-rules/src/app.module.js';
import { SampleInBrowser, type Tab } from '../support/processes/sample-in-browser.js';

const PHONE = { width: 360, height: 740 };
const MARKUP = '<img src=x onerror="document.title=1"> & <b>markup</b>';

async function close(...tabs: readonly { page: Page }[]): Promise<void> {
  await Promise.all(tabs.map(({ page }) => page.close()));
}

describe('sample 02 in a browser', () => {
  let sample: SampleInBrowser;

  beforeAll(async () => {
    sample = await SampleInBrowser.start(AppModule);
  });

  afterAll(() => sample.close());

  /** A tab on a phone, in which somebody has picked their name. */
  async function tabOf(name: string): Promise<Tab> {
    const tab = await sample.openTab(PHONE);
    await tab.page.click(`#names >> text=${name}`);
    await tab.page.waitForSelector('#state.connected');
    return tab;
  }

  it('shows live who is in a room and what is said there', async () => {
    const [ada, grace] = await Promise.all([tabOf('Ada'), tabOf('Grace')]);
    await ada.page.click('#rooms >> text=vault');
    await ada.page.waitForSelector('#members >> text=Ada');
    await expect(ada.page.locator('#members li').allTextContents()).resolves.toEqual(['Ada']);
    await grace.page.click('#rooms >> text=vault');
    await ada.page.waitForSelector('#members >> text=Grace');

    await grace.page.fill('[name=text]', MARKUP);
    await grace.page.click('text=Say');
    await ada.page.waitForSelector('#messages li');
    await grace.page.waitForSelector('#messages li');
    for (const { page } of [ada, grace]) {
      await expect(page.locator('#messages li').allTextContents()).resolves.toEqual([
        `Grace${MARKUP}`,
      ]);
      await expect(page.title()).resolves.toBe('Rooms with rules');
    }

    await grace.page.click('#rooms >> text=lobby');
    await ada.page.waitForSelector('#members >> text=Grace', { state: 'detached' });
    expect([...ada.faults, ...grace.faults]).toEqual([]);
    await close(ada, grace);
  });

  it('shows a notice when somebody may not enter a room', async () => {
    const eve = await tabOf('Eve');
    await eve.page.click('#rooms >> text=vault');
    await eve.page.waitForSelector('#refusal >> text=Eve may not enter the vault.');
    await expect(eve.page.isVisible('#room')).resolves.toBe(false);
    // Nothing went wrong except the two refusals, one for each channel of the room.
    expect(eve.faults.map((fault) => /status of 403/.test(fault))).toEqual([true, true]);

    await eve.page.click('#rooms >> text=lobby');
    await eve.page.waitForSelector('#members >> text=Eve');
    await expect(eve.page.isVisible('#refusal')).resolves.toBe(false);
    await close(eve);
  });

  it('shows who is online, and rings nobody’s bell but theirs', async () => {
    const [ada, grace, eve] = await Promise.all([tabOf('Ada'), tabOf('Grace'), tabOf('Eve')]);
    await ada.page.waitForSelector('#people .online >> text=Grace');
    await ada.page.click('#people li:has-text("Grace") button');
    await grace.page.waitForSelector('#notice >> text=Ada rang your bell.');
    await eve.page.click('#people li:has-text("Ada") button');
    await ada.page.waitForSelector('#notice >> text=Eve rang your bell.');
    await expect(eve.page.isVisible('#notice')).resolves.toBe(false);

    await close(grace);
    await ada.page.waitForSelector('#people span:not(.online) >> text=Grace');
    expect([...ada.faults, ...eve.faults]).toEqual([]);
    await close(ada, eve);
  });

  it('fits on a phone', async () => {
    const ada = await tabOf('Ada');
    await ada.page.click('#rooms >> text=lobby');
    await ada.page.fill('[name=text]', 'word'.repeat(100));
    await ada.page.click('text=Say');
    await ada.page.waitForSelector('#messages li');
    const widest = await ada.page.evaluate('document.documentElement.scrollWidth');
    expect(widest).toBe(PHONE.width);
    await close(ada);
  });
});
