export const HELP = `pusher-local: a Pusher Channels server on this machine, for development without an account.

Usage: pusher-local [options]

  -p, --port <number>     port to listen on (default 6001; 0 takes any that is free)
      --host <name>       interface to listen on (default 127.0.0.1)
      --app <id:key:secret>
                          an app; may be given several times (default local:local-key:local-secret)
      --webhook-url <url> where the webhooks of all apps go
      --path-prefix <path>
                          comes before every path, such as /realtime
      --json              one JSON object per line, for other programs
  -h, --help              this text

Ctrl-C ends it.
`;
