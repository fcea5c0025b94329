import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Browser, Page } from 'playwright-core';
import { AppModule } from '../../sample/01-quick-start/src/app.module.js';
import { launchChromium } from '../support/processes/chromium.js';

describe('sample 01 in a browser', () => {
  let app: INestApplication;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    address = await app.getUrl();
    browser = await launchChromium();
  }, 30_000);

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

  it('shows a message in every tab, and only once in the tab that sent it', async () => {
    const [one, two] = await Promise.all([openTab(), openTab()]);
    await one.page.fill('[name=author]', 'Ada');
    await one.page.fill('[name=text]', 'Grüße & <b>markup</b> 👋');
    await one.page.click('button');
    await two.page.waitForSelector('li');
    await one.page.waitForSelector('li.own');

    // A second message proves that nothing of the first is still on its way.
    await two.page.fill('[name=author]', 'Bob');
    await two.page.fill('[name=text]', 'second');
    await two.page.click('button');
    await one.page.waitForSelector('li:nth-child(2)');
    await two.page.waitForSelector('li:nth-child(2)');

    const listed = ['Bobsecond', 'AdaGrüße & <b>markup</b> 👋'];
    await expect(one.page.locator('li').allTextContents()).resolves.toEqual(listed);
    await expect(two.page.locator('li').allTextContents()).resolves.toEqual(listed);
    expect([...one.faults, ...two.faults]).toEqual([]);
  }, 30_000);
});
