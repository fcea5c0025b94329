import { afterEach } from '@jest/globals';
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { PusherModule, PusherService, type PusherModuleOptions } from '../../../lib/index.js';

const open: INestApplicationContext[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((context) => context.close()));
});

/** A Nest application without HTTP, started, and closed after the test. */
export async function startContext(metadata: ModuleMetadata): Promise<INestApplicationContext> {
  @Module(metadata)
  class TestModule {}
  const context = await NestFactory.createApplicationContext(TestModule, {
    logger: false,
    abortOnError: false,
  });
  open.push(context);
  return context;
}

/** The service of an application that registers one app. */
export async function startPusher(options?: PusherModuleOptions): Promise<PusherService> {
  const context = await startContext({ imports: [PusherModule.forRoot(options)] });
  return context.get(PusherService);
}
