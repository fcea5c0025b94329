import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Browser, Page, ViewportSize } from 'playwright-core';
import { launchChromium } from './chromium.js';

/** A tab that shows the page of a sample. */
export interface Tab {
  readonly page: Page;
  /** Errors of its scripts and in its console. */
  readonly faults: readonly string[];
}

/** A sample that is running, and a browser for its page. */
export class SampleInBrowser {
  private constructor(
    private readonly app: INestApplication,
    private readonly browser: Browser,
    private readonly address: string,
  ) {}

  static async start(appModule: Type): Promise<SampleInBrowser> {
    const app = await NestFactory.create(appModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    return new SampleInBrowser(app, await launchChromium(), await app.getUrl());
  }

  /** Opens a tab, without waiting for what its page does. */
  async openTab(viewport?: ViewportSize): Promise<Tab> {
    const page = await this.browser.newPage(viewport && { viewport });
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
    await page.goto(this.address);
    return { page, faults };
  }

  /** Opens a tab and waits until its page is connected. */
  async connectedTab(): Promise<Tab> {
    const tab = await this.openTab();
    await tab.page.waitForSelector('#state.connected');
    return tab;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.app.close();
  }
}
