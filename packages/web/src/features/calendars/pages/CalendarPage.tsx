import { Group, Select, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Calendar } from '@tidewheel/contract/routes/calendars';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import classes from '../../../shared/Split.module.css';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { Time } from '../../../shared/Time.tsx';
import { CalendarActions } from '../CalendarActions.tsx';
import { CalendarUses } from '../CalendarUses.tsx';
import { calendarQuery, versionsQuery, yearQuery } from '../calendars.queries.ts';
import { DaysOffTable } from '../DaysOffTable.tsx';
import { ruleText } from '../day-words.ts';
import { YearStepper } from '../YearStepper.tsx';
import { YearView } from '../YearView.tsx';

const route = getRouteApi('/app/calendars/$slug');

export function CalendarPage() {
  const { slug } = route.useParams();
  const { version } = route.useSearch();
  const query = useQuery(calendarQuery(slug, version));
  return <Loaded query={query}>{(calendar) => <CalendarView calendar={calendar} />}</Loaded>;
}

function CalendarView({ calendar }: { calendar: Calendar }) {
  const { year: asked, version } = route.useSearch();
  const navigate = route.useNavigate();
  const today = new Date().toISOString().slice(0, 10);
  const year = asked ?? Number(today.slice(0, 4));
  const shown = useQuery(yearQuery(calendar.slug, { year, version }));
  const facts = (
    <>
      {calendar.archivedAt && <StatusBadge state="archived" bare />}
      <span className="tw-mono">{calendar.slug}</span>
      {calendar.builtIn ? <span>built in</span> : <VersionChoice calendar={calendar} />}
      {calendar.updatedAt && (
        <span>
          changed <Time at={calendar.updatedAt} relative /> by {calendar.updatedBy}
        </span>
      )}
      {calendar.id && <HistoryLink id={calendar.id} />}
    </>
  );
  return (
    <>
      <PageHeader
        title={calendar.title}
        above={<Link to="/calendars">Calendars</Link>}
        facts={facts}
        actions={<CalendarActions calendar={calendar} year={year} />}
      />
      {calendar.description && <Text mb="sm">{calendar.description}</Text>}
      <div className={classes['split']}>
        <section className={`tw-card ${classes['card']}`} aria-label={`The year ${year}`}>
          <Group justify="space-between" mb="md">
            <YearStepper year={year} onChange={(next) => void navigate({ search: { year: next, version }, replace: true })} />
            {shown.data?.year === year && <Text size="sm">{shown.data.businessDays} business days</Text>}
          </Group>
          <Loaded query={shown} lines={10}>
            {(found) => <YearView shown={found} today={today} />}
          </Loaded>
        </section>
        <div className={classes['side']}>
          <section className={`tw-card ${classes['card']}`} aria-label="Days off">
            <Title order={2} mb="xs">
              Days off in {year}
            </Title>
            <Loaded query={shown}>{(found) => <DaysOffTable shown={found} />}</Loaded>
          </section>
          <Rules calendar={calendar} />
          <CalendarUses slug={calendar.slug} />
        </div>
      </div>
    </>
  );
}

function Rules({ calendar: { definition, note } }: { calendar: Calendar }) {
  const { from, to } = definition.years ?? {};
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Rules">
      <Title order={2} mb="xs">
        Rules
      </Title>
      {definition.rules.length === 0 ? (
        <Text size="sm">No rules: every day is a business day.</Text>
      ) : (
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {[...new Set(definition.rules.map(ruleText))].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {(from ?? to) !== undefined && (
        <Text size="sm" mt="xs">
          Known {from !== undefined && `from ${from}`} {to !== undefined && `until ${to}`}
        </Text>
      )}
      {note && (
        <Text size="sm" mt="xs">
          Why: {note}
        </Text>
      )}
    </section>
  );
}

function VersionChoice({ calendar: { slug, version, shown } }: { calendar: Calendar }) {
  const { year } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useInfiniteQuery(versionsQuery(slug)).data?.pages.flatMap(({ items }) => items) ?? [];
  const known = versions.length > 0 ? versions.map((one) => one.version) : [version];
  const choices = [...new Set([...known, shown])].map((number) => {
    const note = versions.find((one) => one.version === number)?.note;
    return { value: String(number), label: `Version ${number}${number === version ? ' (newest)' : ''}${note ? `: ${note}` : ''}` };
  });
  const choose = (value: string | null) => {
    const chosen = Number(value ?? version);
    void navigate({ search: { year, version: chosen === version ? undefined : chosen }, replace: true });
  };
  return (
    <Group gap="xs">
      <Select size="xs" w={220} aria-label="Version" data={choices} value={String(shown)} onChange={choose} allowDeselect={false} />
      {version > 1 && (
        <Link to="/calendars/$slug/compare" params={{ slug }} search={{ from: shown === version ? version - 1 : shown, to: version, year }}>
          Compare
        </Link>
      )}
    </Group>
  );
}
