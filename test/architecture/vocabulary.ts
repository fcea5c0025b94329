/** A phrase that the project does not use, and what it says instead. */
export interface Rule {
  /** Case matters. A blank also matches a line break, with the start of a comment after it. */
  readonly not: RegExp;
  readonly but: string;
  /** Where the rule applies: everywhere, unless given. */
  readonly where?: RegExp;
}

const TESTING_DOOR = /^lib\/testing\/index\.ts$|^docs\/testing\.md$/;

export const VOCABULARY: readonly Rule[] = [
  // English
  { not: /\b[Aa]nswer(?:s|ed|ing)?\b/, but: 'response, responds with, returns' },
  {
    not: /\b[Aa] text\b|\b[Tt]exts\b|\btext that is not empty\b/,
    but: 'a string, non-empty string',
  },
  {
    not: /(?<!\b[Tt]here )\b(?:is|are|was) no (?:valid )?(?:channel|user|socket|event|presence|pattern|name|id|string|object|number|URL|key|JSON)\b/,
    but: '"is not a valid channel name"',
  },
  {
    not: /(?<!\b[Tt]here )\b(?:is|are|was|were) none\b/,
    but: '"is not a valid …", or what it is instead',
  },
  { not: /\b[Tt]ell(?:s|ing)?\b|\btold\b/, but: 'notify, log, report, say' },
  { not: /\b[Hh]ears?\b|\bheard\b/, but: 'receive, learn' },
  { not: /\bgives? (?:back|the|a|an|up the|what|whether)\b/, but: 'returns, provides' },
  { not: /\bput up with\b/, but: 'accept, tolerate' },
  { not: /\bone's own\b/, but: '"your own", or whose it is' },
  { not: /\b[Aa]ll the same\b/, but: 'nevertheless, still' },
  { not: /\bso as to\b/, but: 'to, in order to' },
  { not: /\bleaves? [\w\s]{1,30} aside\b/, but: 'ignores' },
  { not: /\bqueue[\w\s]{0,20} refuses?\b|\bpromises?(?: is| are)? refused?\b/, but: 'rejects' },
  // names inside
  { not: /\bPusherLine\b/, but: 'AppConnection' },
  { not: /\b(?:\w*[a-z])?Lanes?\b|\blanes?\b/, but: 'ChannelQueues, queue' },
  {
    not: /\b(?:[Ll]ines?(?!-logger)|[Rr]oom|[Ww]atch|[Oo]utside)\b/,
    but: 'scheduler, queue, budget, entry, stall timer, overflow',
    where: /^lib\/(?:publishing|trigger)\//,
  },
  { not: /\bBatchRoom\b|\broomFor\b/, but: 'BatchBudget' },
  { not: /\b[Tt]ally\b/, but: 'InFlight' },
  { not: /\bWorkUnderWay\b|\bunderWay\b/, but: 'InFlight, inFlight' },
  { not: /\bFifo\b|\bWaitingLine\b/, but: 'Queue' },
  { not: /\bendsWithin\b|\bunlessAborted\b|\bwhileOpen\b/, but: 'withDeadline' },
  { not: /\bConcealers?\b|\bconceal\w*\b/, but: 'SecretRedactor, redact' },
  { not: /\bChance\b/, but: 'RandomSource' },
  { not: /\bforgiving\b/, but: 'safeLogger, safe' },
  { not: /\brequestsOf\b/, but: 'splitIntoBatches' },
  { not: /\bpointless\b/, but: "'not-retryable'" },
  { not: /\bmayHaveWorked\b/, but: 'maybeAccepted' },
  { not: /\btwiceIsFine\b/, but: 'idempotent' },
  { not: /\bAxiosTrip\b/, but: 'a name from HTTP' },
  // public names
  { not: /\bPUSHER_BAD_ANSWER\b/, but: 'PUSHER_BAD_RESPONSE' },
  { not: /\bPUSHER_REQUEST_REFUSED\b/, but: 'PUSHER_REQUEST_REJECTED' },
  { not: /\bmaxAnswerBytes\b/, but: 'maxResponseBytes' },
  { not: /\bwhenFull: 'refuse'/, but: "whenFull: 'reject'" },
  { not: /\bPusherToken\b/, but: 'PusherCredentials' },
  { not: /\bpreviousTokens\b/, but: 'previousCredentials' },
  { not: /\bTestServerOptions\b/, but: 'TestServerConnection, or PusherTestServerOptions' },
  { not: /\bMatch\b/, but: 'EventMatcher', where: TESTING_DOOR },
  { not: /\bFault\b/, but: 'ServerFault', where: TESTING_DOOR },
  { not: /\bActivity\b/, but: 'ServerActivity', where: TESTING_DOOR },
  { not: /\bWaitOptions\b/, but: 'WaitForOptions', where: TESTING_DOOR },
  { not: /\bServerClock\b/, but: 'TestServerClock', where: TESTING_DOOR },
];
