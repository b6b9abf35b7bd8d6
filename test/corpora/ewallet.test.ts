import { defog, goldTests } from './gold-tests'

goldTests(defog('ewallet', 'consumer_div'))
