// A real browser for the tests: Debian's chromium, headless, in a fresh profile.

import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export async function browse<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly scale?: number;
  readonly touch?: boolean;
}

export const WIDE: Look = { width: 1440, height: 900, scheme: "light" };
export const DARK: Look = { ...WIDE, scheme: "dark" };
export const NARROW: Look = { width: 390, height: 844, scheme: "light" };
export const PHONE: Look = { ...NARROW, touch: true };

/** A page at an address; whatever it complains of is gathered. */
export async function open(browser: Browser, url: string, look: Look = WIDE): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme,
    deviceScaleFactor: look.scale ?? 1,
    hasTouch: look.touch ?? false,
    isMobile: look.touch ?? false,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.waitForSelector("h1:not(:empty)");
  return { page, complaints };
}
