// The words of the native menu and dialogs. They cannot reach the page's catalogues, so these few live here; a test keeps them complete.

import type { Locale } from '../shared/lab/lesson';

export type MenuWord =
  | 'app' | 'settings' | 'about' | 'quit' | 'lab' | 'home' | 'run' | 'stop' | 'view' | 'palette' | 'present' | 'fullScreen'
  | 'file' | 'open' | 'openRecent' | 'forgetRecent' | 'save' | 'record' | 'openHar' | 'export' | 'zoomIn' | 'zoomOut' | 'zoomReset' | 'edit' | 'copy' | 'paste' | 'selectAll' | 'help' | 'keys';

export const MENU_TEXT: Readonly<Record<Locale, Readonly<Record<MenuWord, string>>>> = {
  en: {
    app: 'Looplab', settings: 'Settings…', about: 'About Looplab', quit: 'Quit', lab: 'Lab', home: 'All labs', run: 'Run', stop: 'Stop', openHar: 'Open a HAR…', export: 'Export…',
    file: 'File', open: 'Open a run or a capture…', openRecent: 'Open recent', forgetRecent: 'Clear this list', save: 'Save the run…', record: 'Record into a file…', view: 'View', palette: 'Command palette…', present: 'Present', fullScreen: 'Full screen', zoomIn: 'Larger', zoomOut: 'Smaller',
    zoomReset: 'Actual size', edit: 'Edit', copy: 'Copy', paste: 'Paste', selectAll: 'Select all', help: 'Help', keys: 'Keyboard…',
  },
  ko: {
    app: 'Looplab', settings: '설정…', about: 'Looplab 정보', quit: '끝내기', lab: '실습', home: '모든 실습', run: '실행', stop: '중지', openHar: 'HAR 열기…', export: '내보내기…',
    file: '파일', open: '실행 기록이나 캡처 열기…', openRecent: '최근 파일 열기', forgetRecent: '이 목록 지우기', save: '실행 기록 저장…', record: '파일에 기록…', view: '보기', palette: '명령 팔레트…', present: '발표 모드', fullScreen: '전체 화면', zoomIn: '크게', zoomOut: '작게',
    zoomReset: '실제 크기', edit: '편집', copy: '복사', paste: '붙여넣기', selectAll: '모두 선택', help: '도움말', keys: '키보드…',
  },
  ru: {
    app: 'Looplab', settings: 'Настройки…', about: 'О программе Looplab', quit: 'Выйти', lab: 'Работа', home: 'Все работы', run: 'Запустить',
    stop: 'Остановить', openHar: 'Открыть HAR…', export: 'Экспорт…', file: 'Файл', open: 'Открыть запуск или захват…', openRecent: 'Недавние файлы', forgetRecent: 'Очистить этот список',
    save: 'Сохранить запуск…', record: 'Записывать в файл…', view: 'Вид', palette: 'Палитра команд…', present: 'Показ', fullScreen: 'Во весь экран', zoomIn: 'Крупнее',
    zoomOut: 'Мельче', zoomReset: 'Обычный размер', edit: 'Правка', copy: 'Копировать', paste: 'Вставить', selectAll: 'Выделить всё',
    help: 'Справка', keys: 'Клавиши…',
  },
};

/** Words of the system's dialogs for files. */
export const FILE_TEXT: Readonly<Record<Locale, Readonly<Record<'save' | 'record' | 'open' | 'openCapture' | 'run' | 'pcapng' | 'captures' | 'har' | 'all', string>>>> = {
  en: { save: 'Save the run', record: 'Record the run into a file', open: 'Open a HAR', openCapture: 'Open a run or a capture', run: 'Run of Looplab (pcapng)', pcapng: 'Packets (pcapng)', captures: 'Runs and captures', har: 'HTTP exchanges (HAR)', all: 'All files' },
  ko: { save: '실행 기록 저장', record: '실행을 파일에 기록', open: 'HAR 열기', openCapture: '실행 기록이나 캡처 열기', run: 'Looplab 실행 기록 (pcapng)', pcapng: '패킷 (pcapng)', captures: '실행 기록과 캡처', har: 'HTTP 교환 (HAR)', all: '모든 파일' },
  ru: { save: 'Сохранить запуск', record: 'Записать запуск в файл', open: 'Открыть HAR', openCapture: 'Открыть запуск или захват', run: 'Запуск Looplab (pcapng)', pcapng: 'Пакеты (pcapng)', captures: 'Запуски и захваты', har: 'Обмены HTTP (HAR)', all: 'Все файлы' },
};
