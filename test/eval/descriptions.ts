/** A sentence as people write it, and what its database must have: see `readGold` for the short form. */
export interface Description {
  readonly title: string
  readonly words: string
  readonly gold: readonly string[]
}

export const descriptions: readonly Description[] = [
  {
    title: 'Blog',
    words: 'A blog application with posts, comments, and categories',
    gold: [
      'posts: title:text body|content:text author_id|user_id:uuid>users',
      'comments: body|content:text post_id:uuid>posts author_id|user_id:uuid>users',
      'categories: name:text',
    ],
  },
  {
    title: 'Recipes',
    words:
      'A recipe app: recipes with ingredients and quantities, ordered steps, tags, and ratings from 1 to 5 by users',
    gold: [
      'recipes: title|name:text author_id|user_id:uuid>users',
      'ingredients: name:text',
      'recipe_ingredients: recipe_id:uuid>recipes ingredient_id:uuid>ingredients quantity|amount:numeric',
      'steps|recipe_steps|instructions: recipe_id:uuid>recipes position|step_number:integer description|instruction|body:text',
      'tags: name:text',
      'ratings|reviews|recipe_ratings: recipe_id:uuid>recipes user_id:uuid>users score|rating|stars:integer',
    ],
  },
  {
    title: 'To-do',
    words: 'To-do lists that can be shared with others; tasks have a due date, a priority and can be done',
    gold: [
      'lists|todo_lists: name|title:text owner_id|user_id:uuid>users',
      'tasks|todos: title|name:text list_id:uuid>lists due_date|due_at|due_on:date priority:text is_done|done|is_completed|completed:boolean',
      'list_members|list_shares|shared_lists: list_id:uuid>lists user_id:uuid>users',
    ],
  },
  {
    title: 'Shop',
    words:
      'An online shop with products in categories, customers with addresses, orders with order lines, and payments',
    gold: [
      'products: name:text price:numeric category_id:uuid>categories',
      'categories: name:text',
      'customers: name|full_name:text email:text',
      'addresses: customer_id:uuid>customers street:text city:text',
      'orders: customer_id:uuid>customers status:text',
      'order_items|order_lines: order_id:uuid>orders product_id:uuid>products quantity:integer',
      'payments: order_id:uuid>orders amount:numeric',
    ],
  },
  {
    title: 'Hotel',
    words: 'Bookings for a small hotel: room types, rooms, guests, stays with arrival and departure, and payments',
    gold: [
      'room_types: name:text',
      'rooms: number|room_number|name:text room_type_id:uuid>room_types',
      'guests: name|full_name:text email:text',
      'stays|bookings|reservations: guest_id:uuid>guests room_id:uuid>rooms arrival|check_in|arrives_on|arrival_date|check_in_date:date departure|check_out|departs_on|departure_date|check_out_date:date',
      'payments: stay_id|booking_id|reservation_id:uuid>stays|bookings|reservations amount:numeric',
    ],
  },
  {
    title: 'Help desk',
    words: 'A help desk with tickets, priorities, agents who are assigned, and replies',
    gold: [
      'tickets: title|subject:text status:text priority:text assignee_id|agent_id|assigned_to_id:uuid>users|agents',
      'replies|ticket_replies|messages: ticket_id:uuid>tickets body|content|message:text',
    ],
  },
  {
    title: 'Library',
    words: 'A library lends books: authors, books with ISBN, copies, members, loans with due and return date',
    gold: [
      'authors: name:text',
      'books: title:text isbn:text',
      'book_authors: book_id:uuid>books author_id:uuid>authors',
      'copies|book_copies: book_id:uuid>books',
      'members: name|full_name:text',
      'loans: copy_id|book_copy_id:uuid>copies|book_copies member_id:uuid>members due_date|due_on|due_at:date returned_at|returned_on|return_date:date',
    ],
  },
  {
    title: 'School',
    words: 'A school: students, teachers, courses, classes in a term, enrolments with a grade',
    gold: [
      'students: name|full_name|first_name:text',
      'teachers: name|full_name|first_name:text',
      'courses: name|title:text',
      'classes: course_id:uuid>courses teacher_id:uuid>teachers',
      'enrollments|enrolments: student_id:uuid>students class_id:uuid>classes grade:text',
    ],
  },
  {
    title: 'Gym',
    words: 'A gym with members, membership plans, trainers, classes on a schedule and class bookings',
    gold: [
      'members: name|full_name:text',
      'plans|membership_plans: name:text price:numeric',
      'trainers: name|full_name:text',
      'classes|gym_classes: name|title:text trainer_id:uuid>trainers starts_at|start_time|scheduled_at:timestamptz',
      'bookings|class_bookings: class_id:uuid>classes|gym_classes member_id:uuid>members',
    ],
  },
  {
    title: 'Clinic',
    words: 'A medical clinic: patients, doctors, appointments, diagnoses and prescriptions',
    gold: [
      'patients: name|full_name|first_name:text birth_date|date_of_birth|born_on:date',
      'doctors: name|full_name|first_name:text specialty|specialization:text',
      'appointments: patient_id:uuid>patients doctor_id:uuid>doctors starts_at|scheduled_at|appointment_at|appointment_date:timestamptz',
      'diagnoses: description|name:text',
      'prescriptions: medication|medicine:text dosage:text',
    ],
  },
  {
    title: 'Events',
    words: 'Event tickets: events at venues, ticket types with a price and a limit, orders and tickets with a code',
    gold: [
      'venues: name:text',
      'events: title|name:text venue_id:uuid>venues starts_at|start_time:timestamptz',
      'ticket_types: event_id:uuid>events name:text price:numeric',
      'orders: status:text',
      'tickets: ticket_type_id:uuid>ticket_types order_id:uuid>orders code:text',
    ],
  },
  {
    title: 'CRM',
    words: 'A simple CRM with companies, contacts, deals in stages and notes on them',
    gold: [
      'companies: name:text',
      'contacts: name|full_name|first_name:text company_id:uuid>companies email:text',
      'deals: title|name:text company_id:uuid>companies amount|value:numeric stage|stage_id:text',
      'notes: body|content:text',
    ],
  },
  {
    title: 'Inventory',
    words: 'Inventory of warehouses: products with SKU, stock per warehouse, suppliers and purchase orders',
    gold: [
      'warehouses: name:text',
      'products: name:text sku:text',
      'stock|stock_levels|inventory|inventories: product_id:uuid>products warehouse_id:uuid>warehouses quantity:integer',
      'suppliers: name:text',
      'purchase_orders: supplier_id:uuid>suppliers status:text',
      'purchase_order_items|purchase_order_lines: purchase_order_id:uuid>purchase_orders product_id:uuid>products quantity:integer',
    ],
  },
  {
    title: 'Chat',
    words: 'A chat app: conversations with several participants, messages, and reactions with an emoji',
    gold: [
      'conversations: title|name:text',
      'participants|conversation_participants|conversation_members: conversation_id:uuid>conversations user_id:uuid>users',
      'messages: conversation_id:uuid>conversations sender_id|user_id|author_id:uuid>users body|content:text',
      'reactions|message_reactions: message_id:uuid>messages user_id:uuid>users emoji:text',
    ],
  },
  {
    title: 'Social',
    words: 'A social network with profiles, posts, likes, follows and hashtags',
    gold: [
      'profiles: user_id:uuid>users bio:text',
      'posts: author_id|user_id:uuid>users body|content:text',
      'likes|post_likes: post_id:uuid>posts user_id:uuid>users',
      'follows: follower_id:uuid>users followed_id|following_id|followee_id:uuid>users',
      'hashtags|tags: name|tag:text',
      'post_hashtags|post_tags: post_id:uuid>posts hashtag_id|tag_id:uuid>hashtags|tags',
    ],
  },
  {
    title: 'Music',
    words: 'Music streaming: artists, albums, tracks with a length, playlists of users',
    gold: [
      'artists: name:text',
      'albums: title|name:text artist_id:uuid>artists',
      'tracks|songs: title|name:text album_id:uuid>albums duration|duration_seconds|length|length_seconds:integer',
      'playlists: name|title:text owner_id|user_id:uuid>users',
      'playlist_tracks|playlist_songs: playlist_id:uuid>playlists track_id|song_id:uuid>tracks|songs position:integer',
    ],
  },
  {
    title: 'Films',
    words: 'Films with directors, actors and their roles, genres, and reviews by users',
    gold: [
      'films|movies: title:text director_id:uuid>directors|people',
      'actors|people: name|full_name:text',
      'roles|film_actors|movie_actors|cast_members: film_id|movie_id:uuid>films|movies actor_id|person_id:uuid>actors|people',
      'genres: name:text',
      'reviews: film_id|movie_id:uuid>films|movies user_id:uuid>users rating|score:integer',
    ],
  },
  {
    title: 'Cars',
    words: 'A car rental: vehicles in classes, branches, customers, rentals with a start and an end',
    gold: [
      'vehicle_classes|vehicle_categories|car_classes: name:text',
      'vehicles|cars: license_plate|plate|plate_number:text',
      'branches|locations: name:text',
      'customers: name|full_name|first_name:text',
      'rentals: vehicle_id|car_id:uuid>vehicles|cars customer_id:uuid>customers starts_at|start_date|start_at|starts_on:timestamptz ends_at|end_date|end_at|ends_on:timestamptz',
    ],
  },
  {
    title: 'Real estate',
    words: 'Property listings with agents, photos, viewings and offers',
    gold: [
      'properties|listings: title|address:text price:numeric agent_id:uuid>agents',
      'agents: name|full_name:text',
      'photos|property_photos|images: property_id|listing_id:uuid>properties|listings url:text',
      'viewings: property_id|listing_id:uuid>properties|listings',
      'offers: property_id|listing_id:uuid>properties|listings amount|price:numeric',
    ],
  },
  {
    title: 'Jobs',
    words: 'A job board: companies post jobs, candidates apply with a CV, applications move through stages',
    gold: [
      'companies: name:text',
      'jobs|job_posts: title:text company_id:uuid>companies',
      'candidates: name|full_name|first_name:text',
      'applications|job_applications: job_id|job_post_id:uuid>jobs|job_posts candidate_id:uuid>candidates stage|status:text',
    ],
  },
  {
    title: 'Projects',
    words: 'Project management with projects, milestones, issues, labels, and time entries in hours',
    gold: [
      'projects: name|title:text',
      'milestones: project_id:uuid>projects name|title:text',
      'issues|tasks: title:text project_id:uuid>projects',
      'labels: name:text',
      'issue_labels|task_labels: issue_id|task_id:uuid>issues|tasks label_id:uuid>labels',
      'time_entries: issue_id|task_id:uuid>issues|tasks user_id:uuid>users hours|duration_hours:numeric',
    ],
  },
  {
    title: 'Fitness',
    words: 'A workout diary: exercises, workouts on a day, and sets with weight and repetitions',
    gold: [
      'exercises: name:text',
      'workouts: user_id:uuid>users',
      'sets|workout_sets|exercise_sets: workout_id:uuid>workouts exercise_id:uuid>exercises weight|weight_kg:numeric repetitions|reps:integer',
    ],
  },
  {
    title: 'Budget',
    words: 'Personal finance: accounts, categories, transactions with an amount and a day, monthly budgets',
    gold: [
      'accounts: name:text user_id|owner_id:uuid>users',
      'categories: name:text',
      'transactions: account_id:uuid>accounts category_id:uuid>categories amount:numeric',
      'budgets: category_id:uuid>categories amount|limit_amount:numeric month:date',
    ],
  },
  {
    title: 'Invoices',
    words: 'Freelance invoicing: clients, projects, time, invoices with lines and a due date',
    gold: [
      'clients: name:text',
      'projects: client_id:uuid>clients name:text',
      'invoices: client_id:uuid>clients number|invoice_number:text due_date|due_on:date',
      'invoice_lines|invoice_items: invoice_id:uuid>invoices description:text',
    ],
  },
  {
    title: 'Farm',
    words: 'A farm with fields, crops, plantings and harvests with a weight',
    gold: [
      'fields: name:text',
      'crops: name:text',
      'plantings: field_id:uuid>fields crop_id:uuid>crops',
      'harvests: planting_id:uuid>plantings weight|weight_kg|quantity:numeric',
    ],
  },
  {
    title: 'Sensors',
    words: 'Devices with sensors that send readings, and alerts when a limit is passed',
    gold: [
      'devices: name:text',
      'sensors: device_id:uuid>devices',
      'readings|sensor_readings: sensor_id:uuid>sensors value:numeric',
      'alerts: sensor_id:uuid>sensors',
    ],
  },
  {
    title: 'Forum',
    words: 'A forum: boards, threads, posts that quote other posts, and votes',
    gold: [
      'boards|forums: name|title:text',
      'threads|topics: board_id|forum_id:uuid>boards|forums title:text',
      'posts: thread_id|topic_id:uuid>threads|topics author_id|user_id:uuid>users body|content:text',
      'votes|post_votes: post_id:uuid>posts user_id:uuid>users value:integer',
    ],
  },
  {
    title: 'Wiki',
    words: 'A wiki with pages, revisions of their text, and links between pages',
    gold: [
      'pages: title:text',
      'revisions|page_revisions: page_id:uuid>pages author_id|user_id:uuid>users body|content:text',
      'links|page_links: source_id|from_page_id|source_page_id:uuid>pages target_id|to_page_id|target_page_id:uuid>pages',
    ],
  },
  {
    title: 'Quiz',
    words: 'Quizzes with questions, several answers of which one or more are right, and attempts of users',
    gold: [
      'quizzes: title|name:text',
      'questions: quiz_id:uuid>quizzes body|text|question|content|prompt:text',
      'answers|options|choices|answer_options: question_id:uuid>questions is_correct|is_right|correct:boolean',
      'attempts|quiz_attempts: quiz_id:uuid>quizzes user_id:uuid>users score:integer',
    ],
  },
  {
    title: 'Survey',
    words: 'Surveys with questions of several kinds and anonymous responses',
    gold: [
      'surveys: title|name:text',
      'questions|survey_questions: survey_id:uuid>surveys kind|type|question_type:text',
      'responses|survey_responses: survey_id:uuid>surveys',
      'answers|response_answers: response_id|survey_response_id:uuid>responses|survey_responses question_id:uuid>questions|survey_questions',
    ],
  },
  {
    title: 'Delivery',
    words: 'Food delivery: restaurants, dishes, couriers, orders with items and a status',
    gold: [
      'restaurants: name:text',
      'dishes|menu_items: restaurant_id:uuid>restaurants name:text price:numeric',
      'couriers: name|full_name:text',
      'orders: restaurant_id:uuid>restaurants courier_id:uuid>couriers status:text',
      'order_items: order_id:uuid>orders dish_id|menu_item_id:uuid>dishes|menu_items quantity:integer',
    ],
  },
  {
    title: 'Airline',
    words: 'Flights between airports, aircraft, passengers, bookings with a seat',
    gold: [
      'airports: code|iata_code:text name:text',
      'aircraft|aircrafts|planes: model:text',
      'flights: origin_id|departure_airport_id|origin_airport_id:uuid>airports destination_id|arrival_airport_id|destination_airport_id:uuid>airports aircraft_id|plane_id:uuid>aircraft|aircrafts|planes',
      'passengers: name|full_name|first_name:text',
      'bookings: flight_id:uuid>flights passenger_id:uuid>passengers seat|seat_number:text',
    ],
  },
  {
    title: 'Vet',
    words: 'A vet: owners, pets of a species, visits and treatments with a price',
    gold: [
      'owners: name|full_name|first_name:text phone:text',
      'pets: owner_id:uuid>owners name:text species|species_id:text',
      'visits: pet_id:uuid>pets',
      'treatments: visit_id:uuid>visits price|cost:numeric',
    ],
  },
  {
    title: 'Museum',
    words: 'A museum: artists, artworks with a year, exhibitions that show them',
    gold: [
      'artists: name|full_name:text',
      'artworks: title:text artist_id:uuid>artists year|year_created:integer',
      'exhibitions: title|name:text',
      'exhibition_artworks: exhibition_id:uuid>exhibitions artwork_id:uuid>artworks',
    ],
  },
  {
    title: 'League',
    words: 'A sports league: teams, players, matches with goals for each side',
    gold: [
      'teams: name:text',
      'players: team_id:uuid>teams name|full_name|first_name:text',
      'matches|games: home_team_id:uuid>teams away_team_id:uuid>teams home_goals|home_score:integer away_goals|away_score:integer',
    ],
  },
  {
    title: 'Charity',
    words: 'Donations: donors, campaigns with a goal, donations, receipts',
    gold: [
      'donors: name|full_name:text email:text',
      'campaigns: name|title:text goal|goal_amount|target_amount:numeric',
      'donations: donor_id:uuid>donors campaign_id:uuid>campaigns amount:numeric',
      'receipts: donation_id:uuid>donations',
    ],
  },
  {
    title: 'SaaS',
    words: 'A SaaS with organisations, members with roles, plans, subscriptions and invoices',
    gold: [
      'organizations|organisations: name:text',
      'members|memberships|organization_members|organisation_members: organization_id|organisation_id:uuid>organizations|organisations user_id:uuid>users role:text',
      'plans: name:text price:numeric',
      'subscriptions: organization_id|organisation_id:uuid>organizations|organisations plan_id:uuid>plans status:text',
      'invoices: subscription_id|organization_id|organisation_id:uuid>subscriptions|organizations|organisations amount|total:numeric',
    ],
  },
  {
    title: 'Podcast',
    words: 'Podcasts with episodes, hosts, listeners that subscribe and their progress in seconds',
    gold: [
      'podcasts: title|name:text',
      'episodes: podcast_id:uuid>podcasts title:text',
      'hosts: name|full_name:text',
      'subscriptions: podcast_id:uuid>podcasts user_id|listener_id:uuid>users|listeners',
      'progress|listening_progress|episode_progress|playback_progress: episode_id:uuid>episodes position_seconds|progress_seconds|seconds|position:integer',
    ],
  },
  {
    title: 'Warehouse moves',
    words: 'Parcels move between depots: parcels with a sender and a recipient, depots, and scans at a time',
    gold: [
      'depots: name:text',
      'parcels: tracking_number|tracking_code|code:text sender_id|sender|sender_name:text',
      'scans|parcel_scans: parcel_id:uuid>parcels depot_id:uuid>depots scanned_at:timestamptz',
    ],
  },
  {
    title: 'Construction',
    words: 'Construction sites with contractors, tasks that depend on other tasks, and daily reports',
    gold: [
      'sites|construction_sites: name:text',
      'contractors: name:text',
      'tasks: site_id|construction_site_id:uuid>sites|construction_sites contractor_id:uuid>contractors',
      'task_dependencies: task_id:uuid>tasks depends_on_id|depends_on_task_id|dependency_id:uuid>tasks',
      'reports|daily_reports: site_id|construction_site_id:uuid>sites|construction_sites',
    ],
  },
  {
    title: 'Auction',
    words: 'Auctions: sellers list items with a starting price and an end, bidders bid',
    gold: [
      'items|auctions|listings: title|name:text seller_id:uuid>users|sellers starting_price|start_price:numeric ends_at|end_time:timestamptz',
      'bids: item_id|auction_id|listing_id:uuid>items|auctions|listings bidder_id|user_id:uuid>users|bidders amount:numeric',
    ],
  },
  {
    title: 'Wine cellar',
    words: 'My wine cellar: producers, wines with a vintage, bottles on a shelf, tasting notes with points',
    gold: [
      'producers: name:text country:text',
      'wines: producer_id:uuid>producers name:text vintage:integer',
      'bottles: wine_id:uuid>wines',
      'tasting_notes: wine_id:uuid>wines points|score|rating:integer',
    ],
  },
]
