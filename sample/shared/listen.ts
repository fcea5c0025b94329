import { type INestApplication, Logger } from '@nestjs/common';

/** Listens on `PORT`, or on any free port when that one is taken. Returns the address. */
export async function listen(app: INestApplication): Promise<string> {
  app.enableShutdownHooks();
  await app.init();
  await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1').catch(async () => {
    new Logger('Sample').warn('The port is taken, so another one is used.');
    await app.listen(0, '127.0.0.1');
  });
  return app.getUrl();
}
