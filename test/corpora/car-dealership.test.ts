import { defog, goldTests } from './gold-tests'

goldTests(defog('car_dealership'))
