import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Browser, Page } from 'playwright-core';
import { AppModule } from '../../sample/06-typed-events/src/app.module.js';
import { launchChromium } from '../support/processes/chromium.js';

describe('sample 06 in a browser', () => {
  let app: INestApplication;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    address = await app.getUrl();
    browser = await launchChromium();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  async function openTab(): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
    await page.goto(address);
    await page.waitForSelector('#state.connected');
    return { page, faults };
  }

  async function order(page: Page, dish: string, portions: number): Promise<void> {
    await page.fill('[name=dish]', dish);
    await page.fill('[name=portions]', String(portions));
    await page.click('form button');
  }

  it('shows an order in every tab once, and when it is ready', async () => {
    const [one, two] = await Promise.all([openTab(), openTab()]);
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
    const { page, faults } = await openTab();
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
    const { page, faults } = await openTab();
    await page.click('text=Order through an outdated server');
    await page.waitForSelector(
      '#problem >> text=An order.placed event was not shown. portions: Invalid input: expected number',
    );
    await expect(page.locator('#orders li').count()).resolves.toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});
