export { Orders } from './readme-publish-an-event.js';
