// The channels that ship: one line each. A new one is its file, its test and its line here.
import type { Channel } from '@tidewheel/kit/define-channel';
import { email } from './email.channel.ts';
import { inApp } from './in-app.channel.ts';
import { slack } from './slack.channel.ts';
import { teams } from './teams.channel.ts';
import { webhook } from './webhook.channel.ts';

export const channels: readonly Channel[] = [email, inApp, webhook, slack, teams];
