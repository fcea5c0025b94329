import { afterEach } from '@jest/globals';
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { PusherModule, PusherService, type PusherModuleOptions } from '../../../lib/index.js';
import { Clock } from '../../../lib/runtime/clock.js';

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

/** The service of an application that registers one app. @param clock in place of the system's */
export async function startPusher(
  options?: PusherModuleOptions,
  clock?: Clock,
): Promise<PusherService> {
  const imports = [PusherModule.forRoot(options)];
  const context = await (clock ? startWithClock(imports, clock) : startContext({ imports }));
  return context.get(PusherService);
}

async function startWithClock(
  imports: ModuleMetadata['imports'],
  clock: Clock,
): Promise<INestApplicationContext> {
  const testing = Test.createTestingModule({ imports: imports ?? [] });
  const context = await testing.overrideProvider(Clock).useValue(clock).compile();
  open.push(context);
  return context.init();
}
