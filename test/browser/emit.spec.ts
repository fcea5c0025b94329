import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { AppModule } from '../../sample/05-emit/src/app.module.js';
import { SampleInBrowser, type Tab } from '../support/processes/sample-in-browser.js';

describe('sample 05 in a browser', () => {
  let sample: SampleInBrowser;

  beforeAll(async () => {
    sample = await SampleInBrowser.start(AppModule);
  });

  afterAll(() => sample.close());

  async function openTab(): Promise<Tab> {
    const tab = await sample.connectedTab();
    await tab.page.waitForSelector('#products button');
    return tab;
  }

  function buy(page: Page, product: string, count: number): Promise<void> {
    return page.click(`li:has-text("${product}") button:text-is("Order ${count}")`);
  }

  it('shows an order in the other tab, and nothing of one that is rolled back', async () => {
    const [one, two] = [await openTab(), await openTab()];
    await buy(one.page, 'Cheesecake', 5);
    await one.page.waitForSelector('#refusal:text-is("There is not enough Cheesecake left.")');
    // Published later on the same channel: whatever the first had published would have arrived.
    await buy(one.page, 'Espresso', 1);
    await two.page.waitForSelector('#notice:text-is("Another tab has ordered 1 × Espresso.")');
    for (const { page } of [one, two]) {
      await page.waitForSelector('#orders li');
      await expect(page.locator('#orders li').allTextContents()).resolves.toEqual(['1 × Espresso']);
      await page.waitForSelector('#products li:has-text("9 left")');
    }
    await expect(one.page.locator('#notice').textContent()).resolves.toBe('');
    await expect(one.page.locator('#refusal').textContent()).resolves.toBe('');
    expect([...one.faults, ...two.faults]).toEqual([]);
  });
});
