import { defog, goldTests } from './gold-tests'

goldTests(defog('broker'))
