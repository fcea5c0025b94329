/** A channel as pusher-js has it, on which the program itself delivers events. */
export class Channel {
  name = 'private-rooms.7';
  callbacks = new Map();

  bind(event, callback) {
    this.callbacks.set(event, callback);
  }

  unbind(event) {
    this.callbacks.delete(event);
  }

  deliver(event, data) {
    this.callbacks.get(event)?.(data);
  }
}
