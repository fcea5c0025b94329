/** Starts one contender, triggers one event, closes it: the process then ends by itself. */

const { name, target } = JSON.parse(process.argv[2]);

// Only what is measured is loaded.
const START = {
  async official() {
    const { official } = await import('../contenders/official.mjs');
    return official(target);
  },
  async officialInNest() {
    await import('reflect-metadata');
    const { NestFactory } = await import('@nestjs/core');
    const { official } = await import('../contenders/official.mjs');
    const provider = { provide: 'pusher', useFactory: () => official(target) };
    const app = await NestFactory.createApplicationContext(
      { module: class Root {}, providers: [provider] },
      { logger: false },
    );
    return { trigger: app.get('pusher').trigger, close: () => app.close() };
  },
  async ours() {
    const { ours } = await import('../contenders/ours.mjs');
    return ours(target);
  },
  async batching() {
    const { ours } = await import('../contenders/ours.mjs');
    return ours({ ...target, batching: true });
  },
};

const contender = await START[name]();
await contender.trigger('bench-0', 'message.created', { text: 'started' });
await contender.close();
