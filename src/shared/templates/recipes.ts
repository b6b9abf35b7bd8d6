import type { Template } from './template'

export const recipes: Template = {
  id: 'recipes',
  name: 'Recipes',
  sentence: 'Recipes by their ingredients and steps, with ratings.',
  tables: [
    {
      name: 'recipes',
      comment: 'One dish',
      columns: `
        title text required unique
        serves integer required = 4
        minutes integer required
        is_vegetarian boolean required = false
        source text
      `,
      sample: 'id title serves minutes is_vegetarian source',
      rows: [
        [1, 'Lentil soup', 4, 40, true, 'Grandmother'],
        [2, 'Roast chicken with lemon', 4, 90, false, null],
        [3, 'Pancakes', 3, 25, true, null],
      ],
    },
    {
      name: 'ingredients',
      comment: 'What is in the kitchen',
      columns: `
        name text required unique
        unit text required = g
      `,
      sample: 'id name unit',
      rows: [
        [1, 'red lentils', 'g'],
        [2, 'onion', 'piece'],
        [3, 'chicken', 'piece'],
        [4, 'lemon', 'piece'],
        [5, 'flour', 'g'],
        [6, 'milk', 'ml'],
        [7, 'egg', 'piece'],
      ],
    },
    {
      name: 'recipe_ingredients',
      comment: 'How much of what',
      columns: `
        recipe_id uuid required -> recipes cascade
        ingredient_id uuid required -> ingredients
        amount numeric(8,2) required
        note text
      `,
      unique: [['recipe_id', 'ingredient_id']],
      sample: 'recipe_id ingredient_id amount note',
      rows: [
        [1, 1, '250', null],
        [1, 2, '1', 'chopped'],
        [2, 3, '1', null],
        [2, 4, '2', 'one for the sauce'],
        [3, 5, '200', null],
        [3, 6, '350', null],
        [3, 7, '2', null],
      ],
    },
    {
      name: 'steps',
      comment: 'What to do, in order',
      columns: `
        recipe_id uuid required -> recipes cascade
        place integer required
        text text required
      `,
      unique: [['recipe_id', 'place']],
      sample: 'recipe_id place text',
      rows: [
        [1, 1, 'Fry the onion until it is soft.'],
        [1, 2, 'Add lentils and a litre of water; cook for 25 minutes.'],
        [2, 1, 'Rub with salt and lemon.'],
        [2, 2, 'Roast at 190 degrees for 75 minutes.'],
        [3, 1, 'Whisk everything and rest for 10 minutes.'],
        [3, 2, 'Bake thin.'],
      ],
    },
    {
      name: 'ratings',
      comment: 'What people thought',
      columns: `
        recipe_id uuid required -> recipes cascade
        name text required
        stars smallint required
        comment text
      `,
      sample: 'recipe_id name stars comment',
      rows: [
        [1, 'Nils', 5, 'Twice a week'],
        [2, 'Anna', 4, null],
        [3, 'Leo', 5, 'More'],
      ],
    },
  ],
}
