import { recordsScenario } from '../helpers/records-scenario'

recordsScenario('shared')
