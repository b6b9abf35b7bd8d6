import { chinookQueries } from './chinook-queries'
import { goldTests, sample } from './gold-tests'

goldTests(sample('chinook', chinookQueries))
