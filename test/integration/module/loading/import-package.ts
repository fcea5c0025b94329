import * as main from '../../../../lib/index.js';

console.log(typeof main.PusherModule.forRoot);
