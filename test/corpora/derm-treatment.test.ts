import { defog, goldTests } from './gold-tests'

goldTests(defog('derm_treatment'))
