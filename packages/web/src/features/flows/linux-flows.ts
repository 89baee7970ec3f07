// The examples of work on Linux hosts: a restart in waves, which updates wait, how full the disks are. For the last two each host answers in CSV; the answers are one table.

const hostsParameter = `  hosts: { type: string, title: Hosts, description: 'Targets reached by SSH, with commas between', default: 'web-1, web-2' }`;
const listOfHosts = `  list:
    use: flow.value
    title: Hosts
    with: { value: 'hosts.split(",").map(name, name.trim())' }`;

export const patchCheckFlow = `# Which updates wait on Linux hosts. Nothing is installed.
flow: patch-check
title: Patch check on Linux
kind: job
timeZone: UTC
parameters:
${hostsParameter}
steps:
${listOfHosts}
  asked:
    use: ssh.run
    title: Updates that wait
    after: list
    each: { over: steps.list.value, concurrency: 20 }
    with:
      target: '{{ item }}'
      command: |
        echo host,package,installed,available
        if command -v apt-get >/dev/null; then
          apt-get -s -qq upgrade | awk -v host="$HOST" '/^Inst/ { gsub(/[][()]/, ""); print host "," $2 "," $3 "," $4 }'
        elif command -v dnf >/dev/null; then
          dnf -q check-update | awk -v host="$HOST" 'NF == 3 { print host "," $1 ",," $2 }'
        else
          echo 'neither apt-get nor dnf is installed' >&2
          exit 1
        fi
      environment: { HOST: '{{ item }}' }
      outputFile: always
      outputName: '{{ item }}.csv'
  updates:
    use: table.read
    title: As one table
    from: asked
    after: list
    each: { over: steps.list.value }
    with:
      pick: '{{ item }}.csv'
      format: csv
      csv: { types: { host: VARCHAR, package: VARCHAR, installed: VARCHAR, available: VARCHAR } }
  sorted:
    use: table.sort
    from: updates
    with: { by: [{ column: host }, { column: package }] }
  file:
    use: table.write
    from: sorted
    with: { name: 'updates-{{ today }}.csv', format: csv, orderBy: [host, package] }
`;

export const diskAuditFlow = `# How full the disks of Linux hosts are, as an Excel workbook with the full ones in red.
flow: disk-audit
title: Disk space audit to Excel
kind: job
timeZone: UTC
parameters:
${hostsParameter}
  full: { type: integer, title: Full from (%), default: 90, minimum: 1, maximum: 100 }
steps:
${listOfHosts}
  asked:
    use: ssh.run
    title: Disks
    after: list
    each: { over: steps.list.value, concurrency: 20 }
    with:
      target: '{{ item }}'
      command: |
        echo host,mount,size_gb,used_percent
        df -Pk | awk -v host="$HOST" 'NR > 1 && $1 !~ /tmpfs|^(udev|shm|none)$/ { sub(/%/, "", $5); printf "%s,\\"%s\\",%.1f,%d\\n", host, $6, $2 / 1048576, $5 }'
      environment: { HOST: '{{ item }}' }
      outputFile: always
      outputName: '{{ item }}.csv'
  disks:
    use: table.read
    title: As one table
    from: asked
    after: list
    each: { over: steps.list.value }
    with:
      pick: '{{ item }}.csv'
      format: csv
      csv: { types: { host: VARCHAR, mount: VARCHAR, size_gb: DOUBLE, used_percent: INTEGER } }
  judged:
    use: table.derive
    from: disks
    with:
      columns:
        state: CASE WHEN used_percent >= :full THEN 'full' WHEN used_percent >= :full - 10 THEN 'soon' ELSE 'fine' END
  sorted:
    use: table.sort
    from: judged
    with: { by: [{ column: used_percent, direction: desc }, { column: host }, { column: mount }] }
  workbook:
    use: report.excel
    from: sorted
    with:
      fileName: disks-{{ today }}.xlsx
      sheets:
        - title: Disk space on {{ today }}
          columns: { size_gb: { header: Size (GB), format: '0.0' }, used_percent: { header: Used % } }
          colors: { column: state, values: { full: '#FFD9D9', soon: '#FFF2CC' } }
`;

export const rollingRestartFlow = `# One host first, then a tenth of them at a time; no further ones after two have failed.
flow: rolling-restart
title: Restart a service on many hosts, in waves
kind: job
timeZone: UTC
parameters:
  service: { type: string, title: Service, default: nginx, pattern: '[A-Za-z0-9@._-]+' }
steps:
  hosts:
    use: targets.find
    title: Hosts with the tag web
    with: { tags: [web], where: target.os == "linux" }
  restart:
    use: ssh.run
    title: Restart
    after: hosts
    each: { rows: hosts, concurrency: 20, waves: [1, 10%], mayFail: 1 }
    with:
      target: '{{ item.name }}'
      command: systemctl restart "$SERVICE" && systemctl is-active "$SERVICE"
      environment: { SERVICE: '{{ service }}' }
      sudo: root
`;
