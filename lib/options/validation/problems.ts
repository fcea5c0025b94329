import { type ValidationError, validateSync } from 'class-validator';
import { hasFields } from '../../protocol/wire.js';
import type { PusherModuleOptions } from '../pusher-module-options.js';
import {
  BatchingDto,
  DedupeDto,
  HttpDto,
  LimitsDto,
  RetryDto,
  CredentialsDto,
  WebhooksDto,
} from './groups.dto.js';
import { OptionsDto } from './options.dto.js';
import { unknownOption } from './unknown-option.js';

/** Everything that is wrong with the options taken one by one, a sentence each. */
export function problemsOf(options: PusherModuleOptions): string[] {
  const errors = validateSync(withClasses(options), {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => sentences(error, ''));
}

/** A copy whose groups are instances of the classes that carry the rules; deeper values stay the same. */
function withClasses(options: PusherModuleOptions): OptionsDto {
  const { limits, retry, batching, webhooks, http, previousCredentials } = options;
  return filled(OptionsDto, {
    ...options,
    limits: filled(LimitsDto, limits),
    retry: filled(RetryDto, retry),
    batching: filled(BatchingDto, batching),
    webhooks: filled(
      WebhooksDto,
      hasFields(webhooks)
        ? {
            ...webhooks,
            dedupe: filled(DedupeDto, webhooks.dedupe),
          }
        : webhooks,
    ),
    http: filled(HttpDto, http),
    previousCredentials: Array.isArray(previousCredentials)
      ? previousCredentials.map((token: unknown) => filled(CredentialsDto, token))
      : previousCredentials,
  }) as OptionsDto;
}

/** What is not an object stays as it is, so that its rule can say what it should have been. */
function filled(kind: new () => object, value: unknown): unknown {
  return hasFields(value) ? Object.assign(new kind(), value) : value;
}

function sentences({ property, constraints, children }: ValidationError, owner: string): string[] {
  const path = /^\d+$/.test(property)
    ? `${owner}[${property}]`
    : [owner, property].filter(Boolean).join('.');
  const own = Object.entries(constraints ?? {}).map(([name, message]) =>
    name === 'whitelistValidation' ? unknownOption(path, property) : `\`${path}\` ${message}.`,
  );
  return [...own, ...(children ?? []).flatMap((child) => sentences(child, path))];
}
