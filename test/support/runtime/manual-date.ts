import { jest } from '@jest/globals';

/**
 * Stops what `Date.now` returns, for packages that take no clock, until `jest.restoreAllMocks`.
 * @returns a function that moves it on by that many milliseconds
 */
export function stopDate(): (milliseconds: number) => void {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  return (milliseconds) => {
    now += milliseconds;
  };
}
