// The table of architectures has all its words, in every language.
import { expect, it } from 'vitest';
import { CELLS, COLUMNS, ROWS } from '../../../shared/lab/architectures';
import { LOCALES } from '../../../shared/lab/lesson';
import { i18n, speak } from '../../i18n/i18n';

it.each(LOCALES)('%s', async (locale) => {
  await speak(locale);
  const { te } = i18n.global;
  const keys = [
    ...CELLS.map(({ row, column }) => `cell.${row}.${column}`),
    ...ROWS.flatMap((row) => [`row.${row}`, `rowAbout.${row}`]),
    ...COLUMNS.flatMap((column) => [`column.${column}`, `columnAbout.${column}`]),
    ...['heading', 'there', 'absent'].map((state) => `shown.${state}`),
  ];
  expect(keys.filter((key) => !te(`architectures.${key}`))).toEqual([]);
});
