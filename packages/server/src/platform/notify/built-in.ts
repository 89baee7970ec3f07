// What every workspace has from the start: somebody whose run or flow fails is told, and whoever may decide sees that an approval waits.
import { NotificationPreferences, RuleContent, type TemplateContent } from '@tidewheel/contract/notify';

export const standardPreferences: NotificationPreferences = NotificationPreferences.parse({});

export const builtInRules: Readonly<Record<string, RuleContent>> = {
  'runs-end': RuleContent.parse({
    title: 'The end of a run, to who started it, who owns the flow and who watches it',
    match: { kinds: ['run.*'] },
    to: { starter: true, owner: true, watchers: true },
    channels: ['email', 'in-app'],
  }),
  'starts-fail': RuleContent.parse({
    title: 'A schedule that failed or was missed, a trigger that keeps failing, to who owns the flow',
    match: { kinds: ['schedule.*', 'trigger.*'] },
    to: { owner: true },
    channels: ['email', 'in-app'],
  }),
  'colors-match': RuleContent.parse({
    title: 'New colors that a saved search finds, to who saved it',
    match: { kinds: ['color.matched'] },
    to: { owner: true },
    channels: ['in-app'],
  }),
  // Their mail is written with the approval itself (engine/waits/approval-mails.ts).
  'approvals-open': RuleContent.parse({
    title: 'An approval that waits, to who may decide',
    match: { kinds: ['approval.opened'] },
    to: { approvers: true },
    channels: ['in-app'],
  }),
};

const more = `{% if more.count > 0 %}

{{ more.count }} more like this{% if more.titles.size > 0 %}:{% for title in more.titles %}
  {{ title }}{% endfor %}{% endif %}{% endif %}`;

const foot = `{% if link %}

Look at it:
{{ link }}{% endif %}

{{ reason }}
`;

/** Behind the bell there is a link and the name of the flow already. */
const asItSays = { inAppTitle: '{{ event.title }}', inAppText: '{{ event.text }}' };

/** In this order: the first one whose kinds fit is taken, unless a rule names another. */
export const builtInTemplates: Readonly<Record<string, TemplateContent>> = {
  'run-ended': {
    title: 'The end of a run',
    kinds: ['run.*'],
    subject: '{{ flow.title }}: run {{ run.number }} {{ run.outcome }}{% if more.count > 0 %} ({{ more.count }} more){% endif %}',
    text: `Run {{ run.number }} of {{ flow.title }} ({{ flow.slug }}) {{ run.outcome }}.
{% if run.error %}
Error:     {{ run.error.message }} ({{ run.error.code }}){% if run.failedStep %}
Step:      {{ run.failedStep }}{% endif %}{% if run.failuresInARow > 1 %}
In a row:  it failed {{ run.failuresInARow }} times now{% endif %}{% endif %}
Duration:  {{ run.duration }}
Started:   {{ run.startedAt }}{% if run.startedBy %} by {{ run.startedBy }}{% endif %}
Ended:     {{ run.finishedAt }}
Flow:      {{ flow.title }}, a {{ flow.kind }}{% if flow.folder %} in {{ flow.folder }}{% endif %}
Workspace: {{ workspace.title }}${more}${foot}`,
    html: '',
    short: 'Run {{ run.number }} of {{ flow.title }} {{ run.outcome }}{% if run.error %}: {{ run.error.message | truncate: 200 }}{% endif %}',
    ...asItSays,
  },
  several: {
    title: 'Several at once: a digest, or what was over the rate',
    kinds: [],
    subject: '{{ more.count | plus: 1 }} notifications from {{ workspace.title }}',
    text: `What happened in {{ workspace.title }}:

  {{ event.title }}{% for title in more.titles %}
  {{ title }}{% endfor %}{% if more.rest > 0 %}
  and {{ more.rest }} more{% endif %}
{% if link %}
Look at the last one:
{{ link }}
{% endif %}
{{ reason }}
`,
    html: '',
    short: '{{ more.count | plus: 1 }} notifications',
    ...asItSays,
  },
  event: {
    title: 'Anything else',
    kinds: ['*'],
    subject: '{{ event.title }}',
    text: `{{ event.title }}{% if event.text %}

{{ event.text }}{% endif %}

{{ event.severity }} · {{ event.kind }} · {{ event.at }}{% if flow %}
Flow: {{ flow.title }} ({{ flow.slug }}){% endif %}${more}${foot}`,
    html: '',
    short: '{{ event.title }}',
    ...asItSays,
  },
};
