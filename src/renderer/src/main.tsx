import './ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { Studio } from './app/studio'
import { followTheme } from './app/theme'
import { connect } from './bridge/connect'

followTheme()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(<Studio bridge={connect()} />)
