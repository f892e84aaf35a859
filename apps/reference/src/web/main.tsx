/** Starts the page. */
import { render } from 'preact'
import { App } from './app.tsx'
import { createAppState } from './app-state.ts'
import { openStorage } from './storage.ts'
import { applyTheme, readTheme } from './theme.ts'
import './style/base.css'
import './style/header.css'
import './style/chat.css'
import './style/message.css'
import './style/dialog.css'

const storage = openStorage(() => localStorage)
applyTheme(readTheme(storage))
const page = new URL(document.baseURI)
page.hash = ''
const state = createAppState(
  storage,
  openStorage(() => sessionStorage),
  page,
)
render(<App state={state} />, document.getElementById('app') as HTMLElement)
