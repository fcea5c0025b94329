import { channelSecret } from '../../crypto/encryption.js';
import { SigningKey } from '../../crypto/signing-key.js';
import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { warnOfGap } from '../../options/server-gaps.js';
import { optional } from '../../protocol/arguments.js';
import {
  type ChannelKind,
  channelKind,
  isCacheChannel,
  checkChannel,
  checkSocketId,
} from '../../protocol/names.js';
import type { PresenceMember, UserData } from '../../protocol/users.js';
import { channelDataJson, userDataJson } from './signed-data.js';

/** What an auth endpoint returns for a channel, as pusher-js reads it. */
export interface ChannelAuthorization {
  /** `<key>:<signature>` */
  auth: string;
  /** The signed JSON that describes the member, on presence channels. */
  channel_data?: string;
  /** The key of the channel in base64, on encrypted channels. */
  shared_secret?: string;
}

/** What an auth endpoint returns for `pusher.signin()`, as pusher-js reads it. */
export interface UserAuthentication {
  /** `<key>:<signature>` */
  auth: string;
  /** The signed JSON that describes the user. */
  user_data: string;
}

/**
 * Signs for one app what clients need to subscribe and to sign in. It checks the form of what it
 * signs and nothing else: the caller has decided whether this user is allowed.
 */
export class ChannelAuthorizer {
  readonly #key: SigningKey;

  constructor(private readonly options: PusherOptions) {
    this.#key = new SigningKey(options.credentials.secret);
  }

  /**
   * @param member who joins, on presence channels; `'signed-in'` for a connection that has signed in
   *   and joins as that user
   * @throws PusherValidationError that names the argument
   */
  authorizeChannel(
    socketId: string,
    channel: string,
    member?: PresenceMember | 'signed-in' | null,
  ): ChannelAuthorization {
    checkSocketId(socketId, 'socketId');
    const kind = this.#kindOf(channel);
    const data = this.#channelData(kind, optional(member));
    if (kind === 'presence') this.#warnOfPresence(channel, member);
    const signed = `${socketId}:${channel}`;
    const authorization: ChannelAuthorization =
      data === undefined
        ? { auth: this.#sign(signed) }
        : { auth: this.#sign(`${signed}:${data}`), channel_data: data };
    if (kind === 'private-encrypted') authorization.shared_secret = this.#sharedSecret(channel);
    return authorization;
  }

  /** @throws PusherValidationError that names the argument */
  authenticateUser(socketId: string, user: UserData): UserAuthentication {
    checkSocketId(socketId, 'socketId');
    const data = userDataJson(user, this.options);
    warnOfGap(this.options, 'sign-in');
    if (user.watchlist?.length) warnOfGap(this.options, 'watchlists');
    return { auth: this.#sign(`${socketId}::user::${data}`), user_data: data };
  }

  #warnOfPresence(channel: string, member: unknown): void {
    if (member === 'signed-in') warnOfGap(this.options, 'signed-in members');
    if (isCacheChannel(channel)) warnOfGap(this.options, 'presence cache channels');
  }

  #sign(data: string): string {
    return `${this.options.credentials.key}:${this.#key.sign(data)}`;
  }

  /** Names have no `:`, so the signature of one channel is never that of another channel or a user. */
  #kindOf(channel: string): ChannelKind {
    checkChannel(channel, 'channel', this.options.limits);
    const kind = channelKind(channel);
    if (kind === 'public')
      throw new PusherValidationError(
        'channel',
        '`channel` is public: anyone can subscribe to it without authorization. Only names that start with private- or presence- are signed.',
      );
    return kind;
  }

  #channelData(kind: ChannelKind, member?: PresenceMember | 'signed-in'): string | undefined {
    if (kind !== 'presence' && member === undefined) return undefined;
    if (kind === 'presence' && member === 'signed-in') return undefined;
    if (member === undefined || member === 'signed-in')
      throw new PusherValidationError(
        'member',
        member === undefined
          ? "`member` is missing: a presence channel must know who joins. Pass { userId, userInfo }, or 'signed-in' for a connection that has signed in."
          : "`member` is 'signed-in', which is for presence channels only. Leave it out.",
      );
    return channelDataJson(member, this.options);
  }

  #sharedSecret(channel: string): string {
    const { masterKey } = this.options;
    if (masterKey === undefined)
      throw new PusherValidationError(
        'channel',
        '`channel` is encrypted, and the app has no master key. Set encryptionMasterKeyBase64 (make one with: openssl rand -base64 32).',
      );
    return Buffer.from(channelSecret(channel, masterKey)).toString('base64');
  }
}
