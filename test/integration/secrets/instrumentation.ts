import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

export const instrumentation = new UndiciInstrumentation({
  startSpanHook: ({ origin, path }) => {
    if (!path.includes('auth_signature=')) return {};
    const [withoutQuery = ''] = path.split('?');
    return { 'url.full': `${origin}${withoutQuery}`, 'url.query': '' };
  },
});
