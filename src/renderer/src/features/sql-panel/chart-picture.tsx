import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  Legend,
  Line,
  LineChart,
  Pie,
  PieChart,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChartChoice, ChartPoint } from './chart-data'

/** The hues of the column types: each pair of them is told apart in both themes. */
const hues = [
  '--type-integer',
  '--type-time',
  '--type-json',
  '--type-uuid',
  '--type-boolean',
  '--type-decimal',
  '--type-bytes',
]
const hue = (index: number) => `var(${hues[index % hues.length]})`

const text = { fill: 'var(--text-muted)', fontSize: 11 }
const shown = {
  contentStyle: {
    background: 'var(--bg-raised)',
    border: '1px solid var(--border)',
    borderRadius: 6,
    color: 'var(--text)',
    fontSize: 12,
  },
  cursor: { fill: 'var(--bg-hover)', stroke: 'var(--border-strong)' },
  isAnimationActive: false,
}

/** The part that brings the library; nothing else renders it. */
export function ChartPicture(props: {
  readonly choice: ChartChoice
  readonly points: readonly ChartPoint[]
  readonly across: string
  readonly series: readonly string[]
}) {
  const { choice, across, series } = props
  const points = [...props.points]
  const grid = <CartesianGrid stroke="var(--border)" vertical={false} />
  const xAxis = <XAxis dataKey="x" name={across} tick={text} stroke="var(--border-strong)" minTickGap={24} />
  const yAxis = <YAxis tick={text} stroke="var(--border-strong)" width={56} />
  const legend = series.length > 1 ? <Legend wrapperStyle={{ fontSize: 12 }} /> : null
  return (
    <div role="img" aria-label={`${choice.kind} chart of ${series.join(', ')} by ${across}`} className="h-full">
      <ResponsiveContainer width="100%" height="100%">
        {choice.kind === 'line' ? (
          <LineChart data={points}>
            {grid}
            {xAxis}
            {yAxis}
            <Tooltip {...shown} />
            {legend}
            {series.map((name, index) => (
              <Line
                key={name}
                type="monotone"
                dataKey={`s${index}`}
                name={name}
                stroke={hue(index)}
                strokeWidth={2}
                dot={points.length <= 60}
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        ) : choice.kind === 'bar' ? (
          <BarChart data={points}>
            {grid}
            {xAxis}
            {yAxis}
            <Tooltip {...shown} />
            {legend}
            {series.map((name, index) => (
              <Bar
                key={name}
                dataKey={`s${index}`}
                name={name}
                fill={hue(index)}
                radius={[3, 3, 0, 0]}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        ) : choice.kind === 'pie' ? (
          <PieChart>
            <Tooltip {...shown} />
            <Legend wrapperStyle={{ fontSize: 12 }} />
            <Pie data={points} dataKey="s0" nameKey="x" outerRadius="80%" isAnimationActive={false} stroke="var(--bg)">
              {points.map((point, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: slices are the rows, in their order
                <Cell key={`${point.x} ${index}`} fill={hue(index)} />
              ))}
            </Pie>
          </PieChart>
        ) : (
          <ScatterChart>
            <CartesianGrid stroke="var(--border)" />
            <XAxis
              dataKey="x"
              name={across}
              type={typeof points[0]?.x === 'number' ? 'number' : 'category'}
              tick={text}
              stroke="var(--border-strong)"
              domain={['auto', 'auto']}
            />
            {yAxis}
            <Tooltip {...shown} />
            {legend}
            {series.map((name, index) => (
              <Scatter
                key={name}
                data={points.map((point) => ({ x: point.x, [name]: point[`s${index}`] }))}
                dataKey={name}
                name={name}
                fill={hue(index)}
                isAnimationActive={false}
              />
            ))}
          </ScatterChart>
        )}
      </ResponsiveContainer>
    </div>
  )
}
