import type { Timers } from './clock.js';
import type { Recorder } from './observe/recorder.js';
import type { ServerSettings } from './options.js';

/** What all apps of one server share. */
export interface ServerContext {
  readonly settings: ServerSettings;
  readonly timers: Timers;
  readonly recorder: Recorder;
}
