// The examples of the color desk: the same morning from wherever colors come.
import type { FlowExample } from './flow-examples.ts';

interface Source {
  slug: string;
  title: string;
  about: string;
  step: string;
}

const sources: Source[] = [
  {
    slug: 'folder',
    title: 'Colors from a folder',
    about: 'What lies in a folder each morning',
    step: '    use: file.read\n    with: { connection: demo-data, path: ., pattern: "*colors*.xlsx" }',
  },
  {
    slug: 's3',
    title: 'Colors from S3',
    about: 'What lies in a bucket each morning',
    step: '    use: file.read\n    with: { connection: colors-bucket, path: in, pattern: "*.xlsx" }',
  },
  {
    slug: 'sftp',
    title: 'Colors from SFTP',
    about: 'What a server has each morning',
    step: '    use: file.read\n    with: { connection: broker, path: /outbox, pattern: "*.csv" }',
  },
  {
    slug: 'mail',
    title: 'Colors from mail',
    about: 'What came by mail: let a trigger of the kind mail start it',
    step: '    use: trigger.event',
  },
  {
    slug: 'postgres',
    title: 'Colors from PostgreSQL',
    about: 'Rows of a table',
    step: '    use: sql.query\n    with: { connection: quotes-db, sql: "select * from quotes where quoted_on = :today", parameters: { today: today } }',
  },
  {
    slug: 'oracle',
    title: 'Colors from Oracle',
    about: 'Rows of a table in Oracle',
    step: '    use: sql.query\n    with: { connection: quotes-oracle, sql: "select * from quotes where quoted_on = to_date(:today, \'YYYY-MM-DD\')", parameters: { today: today } }',
  },
];

export const colorExamples: FlowExample[] = sources.map(({ slug, title, about, step }) => ({
  title,
  source: `# ${about}. A file whose content came before is passed over.
flow: colors-from-${slug}
title: ${title}
kind: color
timeZone: America/New_York
steps:
  came:
    title: What came
${step}
  collect:
    use: color.collect
    title: Into the buffer
    from: came
  take:
    use: color.take
    title: What waits
    after: collect
  rank:
    use: color.rank
    title: By the rules of the desk
    from: take
  keep:
    use: color.keep
    title: Into the colors of the desk
    from: rank
  sheet:
    use: color.sheet
    title: The sheet
    from: rank
    after: keep
  outbox:
    use: deliver.folder
    title: To everybody who waits for it
    from: sheet
    with: { connection: demo-outbox, path: "colors/{{ today }}" }
`,
}));
