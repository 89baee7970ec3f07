import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { TargetNeighbourhood, TargetRelation } from '@tidewheel/contract/routes/target-relations';
import { formatCount } from '../../shared/format.ts';
import classes from './RelationGraph.module.css';
import { boxHeight, boxWidth, layOut, type PlacedHost } from './relation-layout.ts';
import { TargetStatus } from './TargetStatus.tsx';

/** The hosts around one as boxes with lines between them; `leadsTo`: where a click on one goes. The lines are said in words by whoever shows this. */
export function RelationGraph({ around, leadsTo }: { around: TargetNeighbourhood; leadsTo: 'host' | 'relations' }) {
  const { hosts, width, height } = layOut(around.hosts, around.relations);
  const places = new Map(hosts.map((host) => [host.name, host]));
  const middle = around.hosts[0]?.name;
  return (
    <>
      <Text size="xs" c="dimmed">
        Left: what it needs. Right: what needs it. A dashed line leads through a host on the way in.
        {around.left > 0 && ` ${formatCount(around.left)} further hosts are related and not drawn.`}
      </Text>
      <section className={classes['frame']} aria-label="Drawing of the relations">
        <div className={classes['drawing']} style={{ width, height }}>
          <svg className={classes['lines']} width={width} height={height} aria-hidden>
            <defs>
              <marker id="tw-relation-end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0 L8 4 L0 8 z" fill="currentColor" />
              </marker>
            </defs>
            {around.relations.map((relation) => (
              <path
                key={`${relation.from} ${relation.kind} ${relation.to}`}
                d={lineOf(relation, places)}
                className={`${classes['line']} ${relation.kind === 'via' ? classes['via'] : ''}`}
                markerEnd="url(#tw-relation-end)"
              />
            ))}
          </svg>
          {hosts.map(({ name, title, state, x, y }) => {
            const box = {
              className: classes['host'] ?? '',
              style: { left: x, top: y, width: boxWidth, height: boxHeight },
              title: title === name ? name : `${name}: ${title}`,
              'aria-current': name === middle ? ('true' as const) : undefined,
            };
            const inside = (
              <>
                <TargetStatus state={state} bare />
                <span className={classes['name']}>{name}</span>
              </>
            );
            return leadsTo === 'relations' ? (
              <Link key={name} to="/target-relations" search={(old: object) => ({ ...old, host: name })} {...box}>
                {inside}
              </Link>
            ) : (
              <Link key={name} to="/targets/$target" params={{ target: name }} {...box}>
                {inside}
              </Link>
            );
          })}
        </div>
      </section>
    </>
  );
}

/** From the side of one box to the nearer side of the other. */
function lineOf({ from, to }: TargetRelation, places: ReadonlyMap<string, PlacedHost>): string {
  const [one, other] = [places.get(from), places.get(to)];
  if (!one || !other) return '';
  const isLeft = other.x <= one.x;
  const [x1, y1] = [isLeft ? one.x : one.x + boxWidth, one.y + boxHeight / 2];
  const [x2, y2] = [other.x < one.x ? other.x + boxWidth : other.x, other.y + boxHeight / 2];
  const bend = other.x === one.x ? -40 : (x2 - x1) / 2;
  return other.x === one.x
    ? `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`
    : `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
