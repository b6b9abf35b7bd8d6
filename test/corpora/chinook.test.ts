import { chinookQueries } from './chinook-queries'
import { goldTests, sample } from './gold-tests'
import { groupingQueries } from './grouping-queries'

goldTests(sample('chinook', [...chinookQueries, ...groupingQueries]))
