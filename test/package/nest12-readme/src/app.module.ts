// What the README's test imports is what the README shows first.
export { AppModule } from './readme-publish-an-event.js';
