/** The frame of both pages. */
import type { ComponentType, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { AppState } from './app-state.ts'
import { type Route, useRoute } from './hash-route.ts'
import { ChatPage } from './view/chat-page.tsx'
import { Header } from './view/header.tsx'

const titles: Readonly<Record<Route, string>> = { chat: 'Chat', formats: 'Formats' }

export function App({ state }: { state: AppState }): JSX.Element {
  const route = useRoute()
  useEffect(() => {
    document.title = `${titles[route]} · Octoscale`
  }, [route])
  return (
    <>
      <Header route={route} titles={titles} storage={state.storage} />
      {/* The chat stays as it is while the other page is looked at. */}
      <main class="page" hidden={route !== 'chat'}>
        <ChatPage state={state} />
      </main>
      {route === 'formats' && (
        <main class="page page-scrolls">
          <FormatsPage />
        </main>
      )}
    </>
  )
}

/** The laboratory comes when it is first opened: the chat does not wait for it. */
function FormatsPage(): JSX.Element {
  const [Laboratory, setLaboratory] = useState<ComponentType>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    import('./laboratory/laboratory.tsx').then(
      (module) => setLaboratory(() => module.Laboratory),
      () => setFailed(true),
    )
  }, [])
  if (failed) return <p class="notice">The page did not load. Check the connection and reload.</p>
  return Laboratory === undefined ? <p class="notice">Loading …</p> : <Laboratory />
}
