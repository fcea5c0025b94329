import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/01-quick-start/src/app.module.js';
import { SampleInBrowser } from '../support/processes/sample-in-browser.js';

describe('sample 01 in a browser', () => {
  let sample: SampleInBrowser;

  beforeAll(async () => {
    sample = await SampleInBrowser.start(AppModule);
  });

  afterAll(() => sample.close());

  it('shows a message in every tab, and only once in the tab that sent it', async () => {
    const [one, two] = await Promise.all([sample.connectedTab(), sample.connectedTab()]);
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
  });
});
