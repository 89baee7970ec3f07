// Bodies that the reference page shows and that work as they stand (the examples are validated by a test).

export const bodyExamples: Record<string, unknown> = {
  'auth.signIn': { email: 'ada@example.com', password: 'correct horse battery staple' },
  'auth.login': { email: 'ada@example.com', password: 'correct horse battery staple' },
  'auth.refresh': { refreshToken: 'twr_Zm9yIGV4YW1wbGUgb25seSwgb3BlbnMgbm90aGluZw' },
  'auth.revokeAll': { everybody: false, apiTokens: true },
  'user.rename': { name: 'Ada Lovelace' },
  'profile.update': { name: 'Ada Lovelace' },
  'profile.askEmailChange': { email: 'ada.lovelace@example.com', password: 'correct horse battery staple' },
  'auth.acceptLink': { email: 'ada@example.com', name: 'Ada Example', password: 'correct horse battery staple' },
  'user.invite': { email: 'grace@example.com', role: 'developer' },
  'user.setRole': { role: 'operator' },
  'token.create': { title: 'nightly script', days: 90 },
  'workspace.create': { slug: 'treasury', title: 'Treasury' },
  'workspace.update': { title: 'Treasury and funding' },
  'member.add': { email: 'grace@example.com', role: 'developer' },
  'serviceAccount.create': { slug: 'nightly-loads', title: 'Nightly loads', role: 'operator' },
  'serviceAccount.update': { description: 'Started by the scheduler of the bank' },
  'serviceKey.create': {
    title: 'Scheduler',
    days: 90,
    scope: [{ permissions: ['flow.run', 'run.read'], where: { flow: ['load-*'] } }],
    networks: ['10.20.0.0/16'],
  },
  'serviceKey.rotate': { days: 90, overlapHours: 24 },
  'flow.apply': { source: 'flow: hello\ntitle: Hello\nsteps:\n  flights:\n    use: table.read\n    with: { file: flights, format: csv }\n' },
  'flow.validate': { source: 'flow: hello\ntitle: Hello\nsteps:\n  flights:\n    use: table.read\n    with: { file: flights, format: csv }\n' },
  'run.start': { parameters: { day: '2026-11-20' }, idempotencyKey: 'daily-2026-11-20' },
  'connection.create': {
    slug: 'bank',
    title: 'The bank',
    type: 'sftp',
    config: { host: 'sftp.example.com', user: 'tidewheel', folder: '/in' },
    secret: { password: 'correct horse battery staple' },
  },
};

export const problemExample = {
  type: 'urn:tidewheel:error:request.invalid',
  title: 'Invalid input',
  status: 400,
  detail: 'query.limit: must be at most 200',
  code: 'request.invalid',
  instance: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11',
  faults: [{ path: 'query.limit', message: 'must be at most 200', severity: 'error' }],
};
