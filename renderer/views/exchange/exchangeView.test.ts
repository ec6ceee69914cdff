import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/exchange.json';
import { AppBuilder } from '../../../shared/trace/app/appBuilder';
import inspector from '../../i18n/locales/en/inspector.json';
import ExchangeView from './ExchangeView.vue';
import { header, threeExchanges, WebScene } from './webScene.fixture';

function shown(web: WebScene, given: Record<string, unknown> = {}) {
  const props = web.props(given);
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { exchange: en, inspector } } });
  return { props, view: mount(ExchangeView, { attachTo: document.body, global: { plugins: [i18n] }, props: props as never }) };
}

describe('the exchange view', () => {
  it('says what it waits for', () => {
    expect(shown(new WebScene()).view.text()).toContain('No exchange yet');
    expect(shown(threeExchanges(), { position: 0 }).view.text()).toContain('The first request is still to come');
  });

  it('lists what has begun, with names that say it all', async () => {
    const { view, props } = shown(threeExchanges());
    const names = view.findAll('[role=option]').map((row) => row.attributes('aria-label'));
    expect(names).toHaveLength(3);
    expect(names[1]).toMatch(/^GET \/nowhere, 404, 12 B, HTTP\/1\.1, connection 1, began after \d.*, took \d/u);
    await view.setProps({ position: props.story.momentOfFact(props.app.messages[0]?.sentSeq ?? -1) + 1 } as never);
    expect(view.findAll('[role=option]')).toHaveLength(1);
    expect(view.text()).toContain('2 more after the playhead');
  });

  it('moves with the arrows, chooses with Enter, goes there with a double click', async () => {
    const { view, props } = shown(threeExchanges());
    const list = view.get('[role=listbox]');
    await list.trigger('keydown', { key: 'ArrowUp' });
    await list.trigger('keydown', { key: 'Enter' });
    expect(view.emitted('select')).toEqual([[{ type: 'message', id: 2 }]]);
    await view.get('[data-exchange="0"]').trigger('dblclick');
    expect(view.emitted('seek')).toEqual([[props.story.momentOfFact(props.app.messages[0]?.sentSeq ?? -1) + 1]]);
  });

  it('shows request and response side by side, every header explained', async () => {
    const { view } = shown(threeExchanges(), { selection: { type: 'message', id: 0 } });
    const [request, response] = [view.get('.pane.request'), view.get('.pane.response')];
    expect(request.text()).toContain('GET /api/user HTTP/1.1');
    expect(request.text()).toContain('No body');
    expect(response.text()).toContain('HTTP/1.1 200 OK');
    expect(response.text()).toContain('The body ends after 24 B');
    expect(response.get('pre').text()).toBe('{\n  "id": 7,\n  "name": "Юна"\n}');
    await response.findAll('.line')[2]?.trigger('click');
    expect(response.get('.about').text()).toContain('A mark of this version');
    expect(view.get('.row.chosen').attributes('data-exchange')).toBe('0');
  });

  it('marks chunks, takes forms apart, says how a body ends', () => {
    const chunked = shown(threeExchanges(), { selection: { type: 'message', id: 3 } }).view.get('.pane.response');
    expect(chunked.text()).toContain('3 chunks: 5 + 5 + 2 B');
    expect(chunked.get('pre').text()).toBe('chunk 5 Bnothichunk 5 Bng hechunk 2 Bre');
    const form = shown(threeExchanges(), { selection: { type: 'message', id: 4 } }).view.get('.pane.request');
    expect(form.findAll('tbody tr').map((row) => row.text())).toEqual(['a1', 'bя &x']);
  });

  it('shows a response no earlier than it comes', async () => {
    const { view, props } = shown(threeExchanges());
    const [, down] = props.app.messages;
    await view.setProps({ position: props.story.momentOfFact(down?.sentSeq ?? -1) } as never);
    expect(view.get('.pane.response').text()).toContain('No response yet');
    await view.setProps({ position: props.story.momentOfFact(down?.sentSeq ?? -1) + 1 } as never);
    expect(view.get('.pane.response').text()).toContain('not a byte of it has been read');
    expect(view.get('.pane.response').text()).not.toContain('200');
  });

  it('shows the same when the story is told by the bytes themselves', async () => {
    const { view, props } = shown(threeExchanges());
    const says = (): string[] => [view.get('.pane.request').text(), view.get('.pane.response').text(), ...view.findAll('[role=option]').map((row) => row.attributes('aria-label') ?? '')];
    const builder = new AppBuilder(props.trace, props.story);
    builder.advance();
    for (const id of [0, 3, 4]) {
      await view.setProps({ app: props.app, selection: { type: 'message', id } } as never);
      const byHand = says();
      const message = builder.app.messages.find((one) => one.sentSeq === props.app.messages[id]?.sentSeq)?.id;
      await view.setProps({ app: builder.app, selection: { type: 'message', id: message } } as never);
      expect(says()).toEqual(byHand);
    }
  });

  it('gives text for the clipboard', async () => {
    const { view } = shown(threeExchanges(), { selection: { type: 'message', id: 0 } });
    await view.get('.one > .bar button').trigger('click');
    await view.get('.pane.response header button[aria-label]').trigger('click');
    const [curl, text] = (view.emitted('copy') ?? []).map(([given]) => String(given));
    expect(curl).toMatch(/^curl --http1\.1 /u);
    expect(text).toContain('{"id":7');
  });

  it('never makes markup of what came', () => {
    const web = new WebScene();
    const line = web.line(web.role('client', '127.0.30.2', 'client'), web.role('server', '127.0.30.1', 'server').listen(80));
    web.exchange(line, { target: '/<img src=x>', answer: [header('X-<b>', '<script>1</script>\u202e'), header('Content-Type', 'text/html')], answerBody: '<img src=x onerror=alert(1)>' });
    const { view } = shown(web);
    expect(view.find('img').exists()).toBe(false);
    expect(view.find('script').exists()).toBe(false);
    expect(view.text()).toContain('<img src=x onerror=alert(1)>');
    expect(view.text()).not.toContain('\u202e');
  });
});
