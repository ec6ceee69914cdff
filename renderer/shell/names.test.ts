// Hosts and roles by the lesson's words; numbers only where there are several of a kind.
import { describe, expect, it } from 'vitest';
import type { Lesson } from '../../shared/lab/lesson';
import { labelsOf } from './names';

const lesson = { hosts: new Map([['server', '에코 서버']]), roles: new Map([['client', '클라이언트'], ['server', '서버']]) } as unknown as Lesson;

describe('names', () => {
  it('are the lesson\'s', () => {
    const labels = labelsOf(lesson, ['server', 'client-1']);
    expect([labels.host('server'), labels.role('server'), labels.role('client-1')]).toEqual(['에코 서버', '서버', '클라이언트']);
  });

  it('number what there are several of', () => {
    const labels = labelsOf(lesson, ['client-1', 'client-2', 'server']);
    expect(['client-1', 'client-2', 'server'].map(labels.role)).toEqual(['클라이언트 1', '클라이언트 2', '서버']);
  });

  it('tell a process that came to the same host again', () => {
    const labels = labelsOf({ ...lesson, roles: new Map([['peer', '피어'], ['peer-1', 'A']]) } as unknown as Lesson, ['peer-1', 'peer-4', 'peer-4-2']);
    expect(['peer-1', 'peer-4', 'peer-4-2', 'peer-1-2', 'else-4-2'].map(labels.role)).toEqual(['A', '피어 4', '피어 4 (2)', 'A', 'else-4-2']);
  });

  it('of foreign peers are their own', () => {
    const labels = labelsOf(lesson, []);
    expect([labels.host('127.0.0.1'), labels.role('nc')]).toEqual(['127.0.0.1', 'nc']);
  });
});
