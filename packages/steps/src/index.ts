// The step types and connectors that ship: one line each. A new one is its file, its test and its line here.
import type { Connector } from '@tidewheel/kit/define-connector';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { Transport } from '@tidewheel/kit/define-transport';
import type { TriggerType } from '@tidewheel/kit/define-trigger';
import { backupWorkspace } from './backups/workspace.step.ts';
import { checksRun } from './checks/run.step.ts';
import { colorCollect } from './colors/collect.step.ts';
import { colorKeep } from './colors/keep.step.ts';
import { colorLoad } from './colors/load.step.ts';
import { colorRank } from './colors/rank.step.ts';
import { colorSheet } from './colors/sheet.step.ts';
import { colorStore } from './colors/store.step.ts';
import { colorTake } from './colors/take.step.ts';
import { folder } from './connectors/folder.connector.ts';
import { ftp } from './connectors/ftp.connector.ts';
import { http } from './connectors/http.connector.ts';
import { imap } from './connectors/imap.connector.ts';
import { mysql } from './connectors/mysql.connector.ts';
import { oracle } from './connectors/oracle.connector.ts';
import { postgres } from './connectors/postgres.connector.ts';
import { s3 } from './connectors/s3.connector.ts';
import { sftp } from './connectors/sftp.connector.ts';
import { sqlserver } from './connectors/sqlserver.connector.ts';
import { deliverFolder } from './delivery/deliver-folder.step.ts';
import { deliverSftp } from './delivery/deliver-sftp.step.ts';
import { fileRead } from './files/file-read.step.ts';
import { fileWrite } from './files/file-write.step.ts';
import { fileTransfer } from './files/transfer.step.ts';
import { approval } from './flow/approval.step.ts';
import { flowCallback } from './flow/callback.step.ts';
import { flowFail } from './flow/fail.step.ts';
import { flowIf } from './flow/if.step.ts';
import { flowPlan } from './flow/plan.step.ts';
import { flowRun } from './flow/run.step.ts';
import { flowSignal } from './flow/signal.step.ts';
import { flowSleep } from './flow/sleep.step.ts';
import { flowSteps } from './flow/steps.step.ts';
import { flowSwitch } from './flow/switch.step.ts';
import { flowValue } from './flow/value.step.ts';
import { targetsFind } from './hosts/find.step.ts';
import { httpRequest } from './http/request.step.ts';
import { mailSend } from './mail/send.step.ts';
import { excelReport } from './reports/excel.step.ts';
import { iso20022Report } from './reports/iso20022.step.ts';
import { textReport } from './reports/text.step.ts';
import { sqlExecute } from './sql/execute.step.ts';
import { sqlQuery } from './sql/query.step.ts';
import { sshCopy } from './ssh/copy.step.ts';
import { sshRun } from './ssh/run.step.ts';
import { sshScript } from './ssh/script.step.ts';
import { sshTransport } from './ssh/ssh.transport.ts';
import { tableAggregate } from './table/aggregate.step.ts';
import { tableDedupe } from './table/dedupe.step.ts';
import { tableDerive } from './table/derive.step.ts';
import { tableFilter } from './table/filter.step.ts';
import { tableJoin } from './table/join.step.ts';
import { tableLimit } from './table/limit.step.ts';
import { tableRead } from './table/read.step.ts';
import { tableSelect } from './table/select.step.ts';
import { tableSort } from './table/sort.step.ts';
import { tableSql } from './table/sql.step.ts';
import { tableUnion } from './table/union.step.ts';
import { tableWrite } from './table/write.step.ts';
import { triggerEvent } from './triggers/event.step.ts';
import { fileTrigger } from './triggers/file.trigger.ts';
import { flowTrigger } from './triggers/flow.trigger.ts';
import { mailTrigger } from './triggers/mail.trigger.ts';
import { watermarkTrigger } from './triggers/watermark.trigger.ts';
import { webhookTrigger } from './triggers/webhook.trigger.ts';
import { winrmCopy } from './winrm/copy.step.ts';
import { winrmRun } from './winrm/run.step.ts';
import { winrmTransport } from './winrm/winrm.transport.ts';

export const stepTypes: readonly AnyStepType[] = [
  targetsFind,
  backupWorkspace,
  colorCollect,
  colorTake,
  colorKeep,
  colorRank,
  colorSheet,
  colorStore,
  colorLoad,
  fileRead,
  fileWrite,
  fileTransfer,
  deliverFolder,
  deliverSftp,
  mailSend,
  iso20022Report,
  textReport,
  excelReport,
  httpRequest,
  sqlQuery,
  sqlExecute,
  sshRun,
  sshScript,
  sshCopy,
  winrmRun,
  winrmCopy,
  tableRead,
  tableFilter,
  tableDerive,
  tableSelect,
  tableJoin,
  tableAggregate,
  tableSort,
  tableLimit,
  tableDedupe,
  tableUnion,
  tableSql,
  tableWrite,
  checksRun,
  flowIf,
  flowSwitch,
  flowSteps,
  flowRun,
  flowPlan,
  flowSleep,
  flowSignal,
  flowCallback,
  approval,
  flowValue,
  flowFail,
  triggerEvent,
];

export const connectors: readonly Connector[] = [folder, sftp, ftp, s3, http, postgres, mysql, sqlserver, oracle, imap];

export const transports: readonly Transport[] = [sshTransport, winrmTransport];

export const triggers: readonly TriggerType[] = [webhookTrigger, fileTrigger, watermarkTrigger, flowTrigger, mailTrigger];
