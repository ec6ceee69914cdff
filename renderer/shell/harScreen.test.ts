// The screen of a HAR in its states, and the views of exchanges over files of other programs.
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { i18n } from '../i18n/i18n';
import { useHarFile } from '../stores/harFile';
import HarScreen from './HarScreen.vue';

beforeEach(() => setActivePinia(createPinia()));

const entry = (more: object = {}): object => ({
  startedDateTime: '2026-08-01T10:00:00.000Z', time: 8, connection: '9', request: { method: 'GET', url: 'https://web.test/a?b=1', headers: [{ name: 'Host', value: 'web.test' }] },
  response: { status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', headers: [{ name: 'Content-Encoding', value: 'br' }, { name: 'Transfer-Encoding', value: 'chunked' }], headersSize: 70, bodySize: 20, content: { size: 5, mimeType: 'text/plain', text: 'hello' } },
  timings: { dns: 1, connect: 4, ssl: 3, send: 0, wait: 2, receive: 1 }, ...more,
});

async function shown(given: unknown, name = 'site.har') {
  const text = typeof given === 'string' ? given : JSON.stringify({ log: { creator: { name: 'Firefox', version: '140' }, entries: given } });
  const screen = mount(HarScreen, { global: { plugins: [i18n] }, attachTo: document.body });
  await useHarFile().read(name, text);
  await flushPromises();
  return screen;
}

describe('a HAR on screen', () => {
  it('shows its exchanges, and says whose report it is', async () => {
    const screen = await shown([entry(), entry({ request: { method: 'POST', url: 'http://web.test/x', headers: [] }, response: { status: 404, headers: [], content: {} } })]);
    expect(screen.get('header').text()).toContain('site.har');
    expect(screen.get('header').text()).toContain('2 exchanges · written by Firefox 140');
    expect(screen.get('.report').text()).toBe('A report by Firefox 140: Looplab saw none of it itself. Times and sizes are what that program says.');
    expect(screen.findAll('.waterfall [role="option"]')).toHaveLength(2);
    expect(screen.findAll('.exchange .list [role="option"]')).toHaveLength(2);
    // The first exchange is shown, whole: its body without the coding that the headers name.
    const response = screen.get('.pane.response').text();
    expect(response).toContain('70 B + 20 B');
    expect(response).toContain('hello');
    expect(response).not.toContain('chunks');
    expect(screen.get('.exchange .list [aria-selected="true"]').text()).toContain('/a?b=1');
    await screen.get('.exchange .list [role="listbox"]').trigger('keydown', { key: 'ArrowDown' });
    await screen.get('.exchange .list [role="listbox"]').trigger('keydown', { key: 'Enter' });
    expect(screen.get('.pane.request').text()).toContain('POST /x HTTP/1.1');
    expect(screen.get('.waterfall .chosen').text()).toContain('404');
    screen.unmount();
  });

  it('shows nothing that the file does not tell', async () => {
    const screen = await shown([entry({ connection: '443', response: { status: 200, httpVersion: 'h3', headers: [], headersSize: -1, bodySize: -1, content: {} } })]);
    expect(screen.get('.pane.response').text()).toContain('? + 0 B');
    expect(screen.text()).not.toMatch(/#0|-1 B|0 connections|blank line/u);
    screen.unmount();
  });

  it('names what it left out', async () => {
    const screen = await shown([entry(), {}, null, ...Array.from({ length: 30 }, () => 7)]);
    expect(screen.get('summary').text()).toBe('32 entries could not be read and are left out');
    expect(screen.findAll('.refused li')).toHaveLength(21);
    expect(screen.get('.refused').text()).toContain('and 12 more');
    screen.unmount();
  });

  it('says so when nothing is in it, when it is none, and before one is open', async () => {
    const nothing = mount(HarScreen, { global: { plugins: [i18n] } });
    expect(nothing.text()).toContain('No file is open');
    const empty = await shown([]);
    expect(empty.text()).toContain('There is no exchange in it');
    await useHarFile().read('other.txt', '<html>');
    await flushPromises();
    expect(empty.get('[data-error="HAR_BROKEN"]').text()).toMatch(/other\.txt.*not JSON/su);
    empty.unmount();
  });

  it('never makes markup of what is in it', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202e';
    const screen = await shown(JSON.stringify({ log: { creator: { name: evil, version: '' }, entries: [entry({ request: { method: evil, url: `http://${evil}/`, headers: [{ name: evil, value: evil }] } }), { [evil]: 1 }] } }), evil);
    expect(screen.find('img').exists()).toBe(false);
    expect(screen.text()).not.toContain('\u202e');
    screen.unmount();
  });

  it('can be left while it is read: what was open stays', async () => {
    const screen = await shown([entry()], 'first.har');
    const files = useHarFile();
    const reading = files.read('second.har', JSON.stringify({ log: { entries: Array.from({ length: 60_000 }, () => entry()) } }));
    await vi.waitFor(() => expect(Number(screen.get('progress').attributes('value'))).toBeGreaterThan(0));
    await screen.get('.card button').trigger('click');
    expect(screen.get('h1').text()).toBe('first.har');
    await reading;
    expect([files.state, files.file?.name]).toEqual(['open', 'first.har']);
    screen.unmount();
  });

  it('bears 100 000 exchanges on one connection', async () => {
    const many = Array.from({ length: 100_000 }, (_, at) => entry({ startedDateTime: new Date(Date.UTC(2026, 7, 1) + at).toISOString() }));
    const screen = await shown(many);
    expect(screen.get('header').text()).toContain('100,000 exchanges');
    await screen.findAll('.waterfall [role="radio"]')[1]?.trigger('click');
    expect(screen.findAll('.waterfall [role="option"]').length).toBeGreaterThan(5);
    screen.unmount();
  }, 240_000);
});
