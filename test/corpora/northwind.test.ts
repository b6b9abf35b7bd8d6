import { goldTests, sample } from './gold-tests'
import { northwindQueries } from './northwind-queries'

goldTests(sample('northwind', northwindQueries))
