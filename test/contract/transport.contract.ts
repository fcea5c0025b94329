import { afterEach, beforeEach, describe } from '@jest/globals';
import { answersContract } from './transport-answers.js';
import { connectionsContract } from './transport-connections.js';
import { failuresContract } from './transport-failures.js';
import { sendingContract } from './transport-sending.js';
import { type MakeTransport, TransportStage } from './transport-stage.js';
import { waysContract } from './transport-ways.js';

/** What every way of carrying requests has to do. */
export function transportContract(name: string, make: MakeTransport): void {
  describe(`${name} as HttpTransport`, () => {
    let stage: TransportStage;
    const current = (): TransportStage => stage;

    beforeEach(() => {
      stage = new TransportStage(make);
    });

    afterEach(() => stage.end());

    sendingContract(current);
    answersContract(current);
    connectionsContract(current);
    failuresContract(current);
    waysContract(current);
  });
}
