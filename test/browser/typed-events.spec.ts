import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { AppModule } from '../../sample/06-typed-events/src/app.module.js';
import { SampleInBrowser } from '../support/processes/sample-in-browser.js';

describe('sample 06 in a browser', () => {
  let sample: SampleInBrowser;

  beforeAll(async () => {
    sample = await SampleInBrowser.start(AppModule);
  });

  afterAll(() => sample.close());

  async function order(page: Page, dish: string, portions: number): Promise<void> {
    await page.fill('[name=dish]', dish);
    await page.fill('[name=portions]', String(portions));
    await page.click('form button');
  }

  it('shows an order in every tab once, and when it is ready', async () => {
    const [one, two] = await Promise.all([sample.connectedTab(), sample.connectedTab()]);
    await order(one.page, '  Soup <b>', 2);
    for (const { page } of [one, two]) await page.waitForSelector('#orders li');
    await two.page.click('#orders >> text=Ready');
    for (const { page } of [one, two]) await page.waitForSelector('#orders .ready');
    await expect(one.page.locator('#orders li').allTextContents()).resolves.toEqual([
      '2 ×Soup <b>ready',
    ]);
    await expect(two.page.locator('#orders li').count()).resolves.toBe(1);
    expect([...one.faults, ...two.faults]).toEqual([]);
    await Promise.all([one.page.close(), two.page.close()]);
  });

  it('shows what is wrong with an order that the server does not send', async () => {
    const { page, faults } = await sample.connectedTab();
    await order(page, 'Soup', 50);
    await page.waitForSelector('#problem >> text=The server refused the order. portions: Too big');
    // The order is still in the form, to be corrected.
    await order(page, await page.inputValue('[name=dish]'), 20);
    await page.waitForSelector('#orders >> text=20 ×Soup');
    await expect(page.isVisible('#problem')).resolves.toBe(false);
    // Nothing went wrong except the one refusal.
    expect(faults.map((fault) => /status of 400/.test(fault))).toEqual([true]);
    await page.close();
  });

  it('shows what is wrong with an event that does not fit the list, and not the event', async () => {
    const { page, faults } = await sample.connectedTab();
    await page.click('text=Order through an outdated server');
    await page.waitForSelector(
      '#problem >> text=An order.placed event was not shown. portions: Invalid input: expected number',
    );
    await expect(page.locator('#orders li').count()).resolves.toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});
