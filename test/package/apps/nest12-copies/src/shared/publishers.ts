import { Injectable } from '@nestjs/common';
import { AuthorizeChannel, InjectPusher, PusherService } from 'nestjs-pusher-channels';

/** What a library of a monorepo provides, which has a copy of the package of its own. */
@Injectable()
export class NamedPublisher {
  constructor(@InjectPusher('eu') readonly pusher: PusherService) {}

  @AuthorizeChannel('private-rooms.{roomId}', { app: 'eu' })
  canSee(): boolean {
    return true;
  }
}

@Injectable()
export class DefaultPublisher {
  constructor(readonly pusher: PusherService) {}
}

export const ClassOfLibrary: unknown = PusherService;
