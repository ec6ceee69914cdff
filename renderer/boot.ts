// The first script of the page: loads the app while the window paints its first frame, and starts it after that frame. The page links
// no style sheet of its own, because a frame waits for those; the app's come with the app.

const firstFrame = new Promise<void>((done) => void requestAnimationFrame(() => setTimeout(done)));

void import('./main').then(async ({ start }) => {
  await firstFrame;
  await start();
});
