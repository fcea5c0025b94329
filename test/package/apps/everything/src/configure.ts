import { type INestApplication, ValidationPipe, VersioningType } from '@nestjs/common';
import session from 'express-session';
import helmet from 'helmet';
import { AllExceptionsFilter, EnvelopeInterceptor } from './responses.js';

/** What applies to every route, in the application and in its tests. */
export function configure(app: INestApplication): void {
  app.use(helmet());
  app.use(session({ secret: 'of the session', resave: false, saveUninitialized: false }));
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validateCustomDecorators: true,
    }),
  );
  app.useGlobalInterceptors(new EnvelopeInterceptor());
  app.useGlobalFilters(new AllExceptionsFilter());
}
